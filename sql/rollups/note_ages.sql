-- Notes where loans begin and cease to be reported in the touched months, by month on book; -1 stands for reported.
insert into opening_change (cell_id, opened, age, days, change)
select cell_id, opened_on, age, -1, sum(change)
from (
    select r.cell_id, r.opened_on, series_slot(r.month) - series_slot(r.opened_on) + n.later as age, r.sign * n.change as change
    from touched_report r
    cross join lateral (values (r.began, 0, 1), (r.ended, 1, -1)) as n (happened, later, change)
    where n.happened
) as step
group by cell_id, opened_on, age
having sum(change) <> 0
