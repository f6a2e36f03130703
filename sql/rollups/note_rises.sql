-- Notes what the touched borrowers add to the rises of days past due, or take away.
-- $1 integer 1 to add, -1 to take away
insert into rise_change (grain, opened, cell_id, month_on_book, days_past_due, change)
select g.grain, g.opened, c.cell_id, c.month_on_book, c.days_past_due, $1::integer * c.change
from rises_contribution() as c
cross join lateral portfolio_grains(c.opened_on) as g
