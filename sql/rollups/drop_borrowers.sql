-- Removes what has become nothing of the borrowers of the months.
delete from portfolio_borrower where borrowers = 0
