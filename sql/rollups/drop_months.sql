-- Removes what has become nothing of the months' populations, looked for only where something was taken away.
delete from portfolio_month as kept
using month_sum as changed
where kept.block_id = changed.block_id
    and kept.month = changed.month
    and kept.bucket = changed.bucket
    and kept.loans = 0
    and changed.loans < 0
