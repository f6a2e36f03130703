-- Removes what has become nothing of the moves between buckets.
delete from portfolio_move where loans = 0
