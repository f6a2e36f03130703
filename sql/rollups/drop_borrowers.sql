-- Removes what has become nothing of the borrowers of the months, looked for only where something was taken away.
delete from portfolio_borrower as kept
using borrower_sum as changed
where kept.month = changed.month and kept.cells = changed.cells and kept.borrowers = 0 and changed.borrowers < 0
