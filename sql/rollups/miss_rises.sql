-- Takes what is kept of the rises of days past due from what was noted.
insert into rise_change (grain, opened, cell_id, month_on_book, days_past_due, change)
select grain, opened, cell_id, month_on_book, days_past_due, -change
from portfolio_rise
