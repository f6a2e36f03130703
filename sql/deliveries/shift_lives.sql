-- Moves the counts of institutions' months where the newest version of a known loan has other months of life than the
-- one before: loans opened and ended, and reported months in which the loan exists. Before loans are corrected.
insert into institution_month (institution_id, month, opened, ended, alive_reported)
with moved as (
    select
        loan.id, loan.institution_id,
        date_trunc('month', loan.opened_on)::date as old_first,
        coalesce(date_trunc('month', loan.closed_on)::date, 'infinity') as old_last,
        date_trunc('month', version.opened_on)::date as new_first,
        coalesce(date_trunc('month', version.closed_on)::date, 'infinity') as new_last
    from loan_version as version
    join loan on loan.id = version.loan_id
    where not version.confirms
        and version.superseded_at is null
        and version.reported_at <> loan.reported_at
        and (date_trunc('month', version.opened_on), date_trunc('month', version.closed_on))
            is distinct from (date_trunc('month', loan.opened_on), date_trunc('month', loan.closed_on))
),
change as (
    select institution_id, old_first as month, -1 as opened, 0 as ended, 0 as alive_reported from moved
    union all
    select institution_id, new_first, 1, 0, 0 from moved
    union all
    select institution_id, old_last, 0, -1, 0 from moved where old_last < 'infinity'
    union all
    select institution_id, new_last, 0, 1, 0 from moved where new_last < 'infinity'
    union all
    select
        moved.institution_id, repayment.month, 0, 0,
        case when repayment.month between moved.new_first and moved.new_last then 1 else -1 end
    from moved
    join repayment
        on repayment.loan_id = moved.id
        and repayment.month >= least(moved.old_first, moved.new_first)
        and (repayment.month between moved.new_first and moved.new_last)
            <> (repayment.month between moved.old_first and moved.old_last)
)
select institution_id, month, sum(opened), sum(ended), sum(alive_reported)
from change
group by institution_id, month
order by institution_id, month
on conflict (institution_id, month) do update
set opened = institution_month.opened + excluded.opened,
    ended = institution_month.ended + excluded.ended,
    alive_reported = institution_month.alive_reported + excluded.alive_reported
