-- Finds the newest months of institutions whose number of delivered reports, or share of overdue ones, is far from the
-- institution's own past: fewer than half or more than twice as many as on average in the last three reported months
-- before; a share of overdue months more than twice or less than half that of the last twelve, by more than one in a
-- hundred and by more than three standard errors. From 30 reports on. Before the counts of months are raised.
insert into delivered_warning (place, kind, institution_id, month, rule, got, usual)
with delivered as (
    select
        institution_id, month, min(first_place) as place, sum(rows) as rows,
        sum(rows_overdue)::float8 / sum(rows)::float8 as share
    from delivered_month
    where kind = 'repayments' and rows > 0
    group by institution_id, month
),
past as (
    select
        delivered.place, delivered.institution_id, delivered.month, delivered.rows, delivered.share, usual.size,
        usual.share as usual_share, usual.reported
    from delivered
    cross join lateral (
        select
            avg(reported) filter (where rank <= 3) as size,
            sum(reported) as reported,
            sum(overdue)::float8 / sum(reported) as share
        from (
            select reported, overdue, row_number() over (order by month desc) as rank
            from institution_month as known
            where known.institution_id = delivered.institution_id
                and known.month < delivered.month
                and known.month >= delivered.month - interval '12 months'
                and known.reported > 0
        ) as ranked
    ) as usual
    where usual.reported > 0
        and not exists (
            select
            from institution_month as later
            where later.institution_id = delivered.institution_id
                and later.month >= delivered.month
                and later.reported > 0
        )
)
select
    place, 'repayments', institution_id, month, 'SIZE_UNUSUAL',
    rows || ' reports of ' || to_char(month, 'YYYY-MM'),
    'about ' || round(size) || ', as in the three months reported before'
from past
where greatest(rows, size) >= 30 and (rows < size / 2 or rows > size * 2)
union all
select
    place, 'repayments', institution_id, month, 'OVERDUE_SHARE_UNUSUAL',
    to_char(share * 100, 'FM990.0') || ' % of ' || rows || ' reports of ' || to_char(month, 'YYYY-MM') || ' overdue',
    'about ' || to_char(usual_share * 100, 'FM990.0') || ' %, as in the twelve months before'
from past
where least(rows, reported) >= 30
    and (share > usual_share * 2 or share < usual_share / 2)
    and abs(share - usual_share) > 0.01
    and abs(share - usual_share) > 3 * sqrt(usual_share * (1 - usual_share) * (1.0 / rows + 1.0 / reported))
