-- Notes what the touched borrowers add to the cohorts, or take away.
-- $1 integer 1 to add, -1 to take away
insert into cohort_change (grain, opened, cell_id, loans, principal)
select g.grain, g.opened, c.cell_id, $1::integer * c.loans, $1::integer * c.principal
from cohorts_contribution() as c
cross join lateral portfolio_grains(c.opened_on) as g
