-- Makes the temporary table of what changes of the cohorts.
create temporary table cohort_change (like portfolio_cohort) on commit drop
