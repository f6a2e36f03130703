-- Notes what the touched borrowers add to the lenders of borrowers, or take away.
-- $1 integer 1 to add, -1 to take away
insert into lender_change (grain, since, alive, over_30, change)
select g.grain, g.opened, c.alive, c.over_30, $1::integer * c.change
from lenders_contribution() as c
cross join lateral portfolio_grains(c.since) as g
