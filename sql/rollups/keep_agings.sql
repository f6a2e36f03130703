-- Adds what changed of what cohorts are like at their months on book.
insert into portfolio_aging as kept (block_id, opened, month_on_book, step, change)
select block_id, opened, month_on_book, step, change
from aging_sum
order by block_id, opened, month_on_book, step
on conflict (block_id, opened, month_on_book, step) do update
set change = kept.change + excluded.change
