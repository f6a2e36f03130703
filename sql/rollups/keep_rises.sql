-- Adds what changed of the rises of days past due.
insert into portfolio_rise as kept (grain, opened, cell_id, month_on_book, days_past_due, change)
select grain, opened, cell_id, month_on_book, days_past_due, sum(change)
from rise_change
group by grain, opened, cell_id, month_on_book, days_past_due
having sum(change) <> 0
order by grain, cell_id, opened, month_on_book, days_past_due
on conflict (grain, opened, cell_id, month_on_book, days_past_due) do update
set change = kept.change + excluded.change
