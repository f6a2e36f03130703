-- Notes what the touched borrowers add to the loans reported by month on book, or take away.
-- $1 integer 1 to add, -1 to take away
insert into age_change (grain, opened, cell_id, month_on_book, loans)
select g.grain, g.opened, c.cell_id, c.month_on_book, $1::integer * c.loans
from ages_contribution() as c
cross join lateral portfolio_grains(c.opened_on) as g
