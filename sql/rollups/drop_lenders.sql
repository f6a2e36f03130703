-- Removes what has become nothing of the lenders of borrowers, looked for only where something was noted.
delete from portfolio_lender as kept
using lender_sum as changed
where
    kept.grain = changed.grain
    and kept.since = changed.since
    and kept.alive = changed.alive
    and kept.over_30 = changed.over_30
    and kept.change = 0
