-- Makes the temporary table of what changes of the cohorts, added up.
create temporary table cohort_sum (like portfolio_cohort) on commit drop
