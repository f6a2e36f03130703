-- Empties the moves between buckets.
delete from portfolio_move
