-- Makes the temporary table of what changes of the borrowers by number of lenders, at months' ends, added up.
create temporary table holder_sum (like portfolio_holder) on commit drop
