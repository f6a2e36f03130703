-- Empties the cohorts.
delete from portfolio_cohort
