-- Removes what has become nothing of the borrowers by number of lenders.
delete from portfolio_holder where change = 0 and over_30 = 0
