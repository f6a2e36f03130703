-- Adds what changed of the months' populations.
insert into portfolio_month as kept (month, cell_id, bucket, loans, balance, overdue_amount)
select month, cell_id, bucket, sum(loans), sum(balance), sum(overdue_amount)
from month_change
group by month, cell_id, bucket
having sum(loans) <> 0 or sum(balance) <> 0 or sum(overdue_amount) <> 0
on conflict (month, cell_id, bucket) do update
set loans = kept.loans + excluded.loans,
    balance = kept.balance + excluded.balance,
    overdue_amount = kept.overdue_amount + excluded.overdue_amount
