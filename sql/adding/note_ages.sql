-- Notes where loans begin and cease to be reported in the touched months, by month on book; -1 stands for reported.
insert into opening_change
select cell_id, opened_on, age, -1, sum(sign(borrower_id) * change)
from (
    select borrower_id, cell_id, opened_on, slot - slot_of(opened_on) as age, 1 as change
    from report
    where began and changes
    union all
    select borrower_id, cell_id, opened_on, slot - slot_of(opened_on) + 1, -1 from report where ended and changes
) as step
group by cell_id, opened_on, age
having sum(sign(borrower_id) * change) <> 0
