-- Notes where the most days past due that the touched borrowers' loans ever had rise, by month on book: one loan more has
-- the new number, and one less the old one, but for none, which is over no threshold.
-- $1 integer 1 to add them, -1 to take them away
insert into opening_change
with step as (
    select
        cell_id, opened_on, slot - slot_of(opened_on) as age, days,
        max(days) over (partition by loan_id order by slot rows between unbounded preceding and 1 preceding) as before
    from arrear
)
select cell_id, opened_on, age, days, $1::integer * sum(change)
from (
    select cell_id, opened_on, age, days, 1 as change from step where before is null or days > before
    union all
    select cell_id, opened_on, age, before, -1 from step where days > before
) as rise
group by cell_id, opened_on, age, days
having sum(change) <> 0
