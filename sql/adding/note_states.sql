-- Notes in which cells the touched borrowers have loans alive at months' ends, and loans over 30 days in the month: from
-- which month's end on one borrower more, or less. Who has no loan alive has no state.
insert into state_change
-- What has no end ends after all others: a condition with "or" would be tried on each pair of rows.
with part as (
    select
        borrower_id, cell_id, slot_of(opened_on) as start, coalesce(slot_of(closed_on + 1), 1000000) as stop,
        false as late
    from loan
    where whole
    union
    select borrower_id, cell_id, slot, slot + 1, true
    from arrear
    where days > 30 and whole
),
turn as (
    select borrower_id, start as slot from part
    union
    select borrower_id, stop from part where stop < 1000000
),
standing as (
    select distinct n.borrower_id, n.slot, p.cell_id, p.late
    from turn n
    join part p on p.borrower_id = n.borrower_id and p.start <= n.slot and n.slot < p.stop
    union all
    select borrower_id, slot, null, null from turn
),
state as (
    select
        borrower_id, slot, coalesce(list_sort(list(cell_id) filter (not late)), []) as alive,
        coalesce(list_sort(list(cell_id) filter (late)), []) as over_30
    from standing
    group by borrower_id, slot
),
step as (
    select
        borrower_id, slot, alive, over_30, lag(alive) over before_it as alive_before, lag(over_30) over before_it as over_30_before
    from state
    window before_it as (partition by borrower_id order by slot)
),
turned as (
    select sign(borrower_id) as sign, slot, alive, over_30, alive_before, over_30_before
    from step
    where alive is distinct from alive_before or over_30 is distinct from over_30_before
)
select slot, alive, over_30, sum(change)
from (
    select slot, alive, over_30, sign as change from turned where alive <> []
    union all
    select slot, alive_before, over_30_before, -sign from turned where alive_before <> []
) as changed
group by slot, alive, over_30
having sum(change) <> 0
