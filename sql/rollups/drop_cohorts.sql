-- Removes what has become nothing of the cohorts.
delete from portfolio_cohort where loans = 0
