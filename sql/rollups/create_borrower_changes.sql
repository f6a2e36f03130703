-- Makes the temporary table of what changes of the borrowers of the months.
create temporary table borrower_change (like portfolio_borrower) on commit drop
