-- Adds up what changed of the months' populations, by block.
insert into month_sum (block_id, month, bucket, loans, balance, overdue_amount)
select b.block_id, c.month, c.bucket, sum(c.loans), sum(c.balance), sum(c.overdue_amount)
from month_change c
join portfolio_member b on b.cell_id = c.cell_id
group by b.block_id, c.month, c.bucket
having sum(c.loans) <> 0 or sum(c.balance) <> 0 or sum(c.overdue_amount) <> 0
