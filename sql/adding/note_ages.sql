-- Notes where loans begin and cease to be reported in the touched months, by month on book; -1 stands for reported.
-- $1 integer 1 to add them, -1 to take them away
insert into opening_change
select cell_id, opened_on, age, -1, $1::integer * sum(change)
from (
    select cell_id, opened_on, slot - slot_of(opened_on) as age, 1 as change from report where began
    union all
    select cell_id, opened_on, slot - slot_of(opened_on) + 1, -1 from report where ended
) as step
group by cell_id, opened_on, age
having sum(change) <> 0
