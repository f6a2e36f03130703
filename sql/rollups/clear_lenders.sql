-- Empties the lenders of borrowers.
delete from portfolio_lender
