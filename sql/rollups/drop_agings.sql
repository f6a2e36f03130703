-- Removes what has become nothing of what cohorts are like, looked for only where something changed.
delete from portfolio_aging as kept
using aging_sum as changed
where kept.block_id = changed.block_id
    and kept.opened = changed.opened
    and kept.month_on_book = changed.month_on_book
    and kept.step = changed.step
    and kept.change = 0
