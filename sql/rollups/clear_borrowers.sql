-- Empties the borrowers of the months.
delete from portfolio_borrower
