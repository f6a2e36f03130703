-- Notes in which cells the touched borrowers have loans alive at months' ends, and loans over 30 days in the month: from
-- which month's end on one borrower more, or less. Who has no loan alive has no state.
insert into state_change (month, alive, over_30, change)
with part as (
    select
        sign, borrower_id, cell_id, date_trunc('month', opened_on)::date as start_on,
        date_trunc('month', closed_on + 1)::date as end_on, false as late
    from touched_loan
    union
    select sign, borrower_id, cell_id, month, (month + interval '1 month')::date, true
    from touched_arrear
    where days_past_due > 30
),
turn as (
    select sign, borrower_id, start_on as month from part
    union
    select sign, borrower_id, end_on from part where end_on is not null
),
state as (
    select
        n.sign, n.borrower_id, n.month,
        coalesce(array_agg(distinct p.cell_id order by p.cell_id) filter (where not p.late), '{}') as alive,
        coalesce(array_agg(distinct p.cell_id order by p.cell_id) filter (where p.late), '{}') as over_30
    from turn n
    left join part p
        on p.borrower_id = n.borrower_id and p.sign = n.sign
        and p.start_on <= n.month and (p.end_on is null or n.month < p.end_on)
    group by n.borrower_id, n.month, n.sign
),
step as (
    select
        sign, month, alive, over_30, lag(alive) over before_it as alive_before, lag(over_30) over before_it as over_30_before
    from state
    window before_it as (partition by borrower_id, sign order by month)
)
select s.month, d.alive, d.over_30, sum(s.sign * d.change)
from step s
cross join lateral (
    values (s.alive, s.over_30, 1), (s.alive_before, s.over_30_before, -1)
) as d (alive, over_30, change)
where d.alive <> '{}' and (s.alive, s.over_30) is distinct from (s.alive_before, s.over_30_before)
group by s.month, d.alive, d.over_30
having sum(s.sign * d.change) <> 0
