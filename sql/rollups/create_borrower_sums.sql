-- Makes the temporary table of what changes of the borrowers of the months, added up.
create temporary table borrower_sum (like portfolio_borrower) on commit drop
