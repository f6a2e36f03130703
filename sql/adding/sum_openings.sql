-- What changed of the loans by cell and day of opening, packed as the rollup has it, in the order of its key.
with held as (
    select cell_id, opened, sum(loans) as loans, sum(principal) as principal
    from cohort_change
    group by cell_id, opened
    having sum(loans) <> 0 or sum(principal) <> 0
),
packed as (
    select cell_id, opened, list_sort(list({'age': age, 'days': days, 'change': change})) as steps
    from (
        select cell_id, opened, age, days, sum(change) as change
        from opening_change
        group by cell_id, opened, age, days
        having sum(change) <> 0
    ) as step
    group by cell_id, opened
)
select
    concat_ws(
        chr(9), coalesce(h.cell_id, p.cell_id), coalesce(h.opened, p.opened), coalesce(h.loans, 0),
        coalesce(h.principal, 0), coalesce([step.age for step in p.steps], [])::varchar,
        coalesce([step.days for step in p.steps], [])::varchar, coalesce([step.change for step in p.steps], [])::varchar
    ) as line
from held h
full join packed p on p.cell_id = h.cell_id and p.opened = h.opened
order by coalesce(h.cell_id, p.cell_id), coalesce(h.opened, p.opened)
