-- Counts by institution and month what the versions of months bring beside their numbers: how many months reported for
-- the first time are overdue, and the days from the end of each month to its earliest report, less those known before.
insert into delivered_month (kind, institution_id, month, overdue, days)
select
    'repayments', loan.institution_id, changed.month, sum(changed.overdue),
    sum(changed.earliest_on - coalesce(changed.stored_on, (changed.month + interval '1 month - 1 day')::date))
from (
    select
        loan_id, month,
        count(*) filter (
            where newest_at is null and not confirms and superseded_at is null and days_past_due > 0
        ) as overdue,
        min(reported_at)::date as earliest_on,
        (min(reported_at) filter (where place is null))::date as stored_on
    from repayment_version
    group by loan_id, month
) as changed
join loan on loan.id = changed.loan_id
group by loan.institution_id, changed.month
