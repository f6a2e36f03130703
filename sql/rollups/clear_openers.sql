-- Empties the borrowers who opened loans.
delete from portfolio_opener
