-- Removes what has become nothing of the rises of days past due, looked for only where something was noted.
delete from portfolio_rise as kept
using rise_change as changed
where
    kept.cell_id = changed.cell_id
    and kept.grain = changed.grain
    and kept.opened = changed.opened
    and kept.month_on_book = changed.month_on_book
    and kept.days_past_due = changed.days_past_due
    and kept.change = 0
