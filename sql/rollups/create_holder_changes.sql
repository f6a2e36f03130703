-- Makes the temporary table of what changes of the borrowers by number of lenders.
create temporary table holder_change (like portfolio_holder) on commit drop
