-- Removes what has become nothing of the loans reported by month on book,
-- looked for only where something was taken away.
delete from portfolio_age as kept
using age_change as changed
where
    kept.cell_id = changed.cell_id
    and kept.grain = changed.grain
    and kept.opened = changed.opened
    and kept.month_on_book = changed.month_on_book
    and kept.loans = 0
    and changed.loans < 0
