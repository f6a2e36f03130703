-- Removes what has become nothing of the borrowers who opened loans, looked for only where something was taken away.
delete from portfolio_opener as kept
using opener_sum as changed
where kept.month = changed.month and kept.cells = changed.cells and kept.borrowers = 0 and changed.borrowers < 0
