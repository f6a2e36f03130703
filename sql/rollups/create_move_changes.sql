-- Makes the temporary table of what changes of the moves between buckets.
create temporary table move_change (like portfolio_move) on commit drop
