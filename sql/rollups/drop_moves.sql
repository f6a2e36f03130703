-- Removes what has become nothing of the moves between buckets, looked for only where something was taken away.
delete from portfolio_move as kept
using move_sum as changed
where kept.block_id = changed.block_id
    and kept.month = changed.month
    and kept.from_bucket = changed.from_bucket
    and kept.to_bucket is not distinct from changed.to_bucket
    and kept.loans = 0
    and changed.loans < 0
