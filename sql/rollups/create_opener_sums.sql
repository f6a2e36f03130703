-- Makes the temporary table of what changes of the borrowers who opened loans, added up.
create temporary table opener_sum (like portfolio_opener) on commit drop
