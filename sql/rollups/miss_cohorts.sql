-- Takes what is kept of the cohorts from what was noted.
insert into cohort_change (grain, opened, cell_id, loans, principal)
select grain, opened, cell_id, -loans, -principal
from portfolio_cohort
