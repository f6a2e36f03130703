-- Adds what changed of the months' populations.
insert into portfolio_month as kept (block_id, month, bucket, loans, balance, overdue_amount)
select block_id, month, bucket, loans, balance, overdue_amount
from month_sum
order by block_id, month, bucket
on conflict (block_id, month, bucket) do update
set loans = kept.loans + excluded.loans,
    balance = kept.balance + excluded.balance,
    overdue_amount = kept.overdue_amount + excluded.overdue_amount
