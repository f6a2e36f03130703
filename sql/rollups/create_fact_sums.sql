-- Makes the temporary table of what changes of the borrowers of blocks, added up.
create temporary table fact_sum (like portfolio_fact) on commit drop
