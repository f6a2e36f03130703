-- Notes on which days the touched borrowers' lenders change, and whether they have a loan over 30 days in the month: of
-- those who have just so many lenders all (institution 0), and those of each of these institutions.
insert into turn_change
with part as (
    select
        borrower_id, institution_id, opened_on as start, coalesce(closed_on + 1, 'infinity') as stop, false as late
    from loan
    where whole
    union
    select borrower_id, institution_id, month_of(slot), month_of(slot + 1), true
    from arrear
    where days > 30 and whole
),
turn as (
    select borrower_id, start as on_day from part
    union
    select borrower_id, stop from part where stop < 'infinity'
),
standing as (
    select distinct
        n.borrower_id, n.on_day, case when not p.late then p.institution_id end as institution_id, p.late
    from turn n
    join part p on p.borrower_id = n.borrower_id and p.start <= n.on_day and n.on_day < p.stop
    union all
    select borrower_id, on_day, null, false from turn
),
state as (
    select
        borrower_id, on_day, list_sort(list(institution_id) filter (institution_id is not null)) as alive,
        bool_or(late) as late
    from standing
    group by borrower_id, on_day
),
step as (
    select
        borrower_id, on_day, alive, late, lag(alive) over before_it as alive_before, lag(late) over before_it as late_before
    from state
    window before_it as (partition by borrower_id order by on_day)
),
turned as (
    select
        sign(borrower_id) as sign, on_day, alive, late, alive_before, late_before,
        alive is distinct from alive_before as moves
    from step
    where alive is distinct from alive_before or late is distinct from late_before
),
-- Where only lateness changes, each institution has as many as before.
changed as (
    select on_day, alive, late, sign as change, moves from turned where alive is not null
    union all
    select on_day, alive_before, late_before, -sign, moves from turned where alive_before is not null
)
select
    on_day, lenders, institution_id, sum(change),
    sum(case when institution_id = 0 and late then change else 0 end)
from (
    select
        on_day, len(alive) as lenders, unnest(case when moves then list_append(alive, 0) else [0] end) as institution_id,
        change, late
    from changed
) as counted
group by on_day, lenders, institution_id
having sum(change) <> 0 or sum(case when institution_id = 0 and late then change else 0 end) <> 0
