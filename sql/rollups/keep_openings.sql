-- Adds what changed of the loans by cell and day of opening: the days that change are taken out and put in again.
with former as (
    delete from portfolio_opening as kept
    using opening_sum as changed
    where kept.cell_id = changed.cell_id and kept.opened = changed.opened
    returning kept.cell_id, kept.opened, kept.loans, kept.principal, kept.ages, kept.days, kept.changes
),
held as (
    select cell_id, opened, sum(loans) as loans, sum(principal) as principal
    from (
        select cell_id, opened, loans, principal from former
        union all
        select cell_id, opened, loans, principal from opening_sum
    ) as h
    group by cell_id, opened
),
step as (
    select cell_id, opened, age, days, sum(change) as change
    from (
        select f.cell_id, f.opened, u.age, u.days, u.change
        from former f cross join unnest(f.ages, f.days, f.changes) as u (age, days, change)
        union all
        select s.cell_id, s.opened, u.age, u.days, u.change
        from opening_sum s cross join unnest(s.ages, s.days, s.changes) as u (age, days, change)
    ) as s
    group by cell_id, opened, age, days
    having sum(change) <> 0
),
packed as (
    select
        cell_id, opened, array_agg(age order by age, days) as ages, array_agg(days order by age, days) as days,
        array_agg(change order by age, days) as changes
    from step
    group by cell_id, opened
)
insert into portfolio_opening (cell_id, opened, loans, principal, ages, days, changes)
select
    h.cell_id, h.opened, h.loans, h.principal, coalesce(p.ages, '{}'), coalesce(p.days, '{}'), coalesce(p.changes, '{}')
from held h
left join packed p on p.cell_id = h.cell_id and p.opened = h.opened
where h.loans <> 0
