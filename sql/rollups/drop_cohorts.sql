-- Removes what has become nothing of the cohorts, looked for only where something was taken away.
delete from portfolio_cohort as kept
using cohort_change as changed
where
    kept.cell_id = changed.cell_id
    and kept.grain = changed.grain
    and kept.opened = changed.opened
    and kept.loans = 0
    and changed.loans < 0
