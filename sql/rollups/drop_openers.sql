-- Removes what has become nothing of the borrowers who opened loans.
delete from portfolio_opener where borrowers = 0
