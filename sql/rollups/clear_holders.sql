-- Empties the borrowers by number of lenders.
delete from portfolio_holder
