-- Removes what has become nothing of the borrowers of blocks, looked for only where something was taken away.
delete from portfolio_fact as kept
using fact_sum as changed
where kept.basis = changed.basis
    and kept.block_id = changed.block_id
    and kept.month = changed.month
    and kept.borrowers = 0
    and changed.borrowers < 0
