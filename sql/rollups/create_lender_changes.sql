-- Makes the temporary table of what changes of the lenders of borrowers.
create temporary table lender_change (like portfolio_lender) on commit drop
