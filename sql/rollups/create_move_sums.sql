-- Makes the temporary table of what changes of the moves between buckets, added up.
create temporary table move_sum (like portfolio_move) on commit drop
