-- Makes the temporary table of what changes of the loans by cell and day of opening, added up.
create temporary table opening_sum (like portfolio_opening) on commit drop
