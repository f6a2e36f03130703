-- Removes what has become nothing of the cohorts, looked for only where something was taken away.
delete from portfolio_cohort as kept
using cohort_sum as changed
where kept.block_id = changed.block_id
    and kept.opened = changed.opened
    and kept.loans = 0
    and changed.loans < 0
