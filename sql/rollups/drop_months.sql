-- Removes what has become nothing of the months' populations, looked for only where something was taken away.
delete from portfolio_month as kept
using month_change as changed
where
    kept.cell_id = changed.cell_id
    and kept.month = changed.month
    and kept.bucket = changed.bucket
    and kept.loans = 0
    and changed.loans < 0
