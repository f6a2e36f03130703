-- Makes the temporary table of what changes of the borrowers who opened loans.
create temporary table opener_change (like portfolio_opener) on commit drop
