-- Makes the temporary table of what changes of the whole market's borrowers by number of lenders, by day, added up.
create temporary table turn_sum (like portfolio_turn) on commit drop
