-- Notes where the most days past due that the touched borrowers' loans ever had rise, by month on book: one loan more has
-- the new number, and one less the old one, but for none, which is over no threshold.
insert into opening_change
with step as (
    select
        loan_id, cell_id, opened_on, slot - slot_of(opened_on) as age, days,
        max(days) over (partition by loan_id order by slot rows between unbounded preceding and 1 preceding) as before
    from arrear
    where changes
)
select cell_id, opened_on, age, days, sum(sign(loan_id) * change)
from (
    select loan_id, cell_id, opened_on, age, days, 1 as change from step where before is null or days > before
    union all
    select loan_id, cell_id, opened_on, age, before, -1 from step where days > before
) as rise
group by cell_id, opened_on, age, days
having sum(sign(loan_id) * change) <> 0
