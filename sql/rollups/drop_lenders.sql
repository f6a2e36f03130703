-- Removes what has become nothing of the lenders of borrowers.
delete from portfolio_lender where change = 0
