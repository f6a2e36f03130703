-- Adds up what changed of the moves between buckets, by block.
insert into move_sum (block_id, month, from_bucket, to_bucket, loans)
select b.block_id, c.month, c.from_bucket, c.to_bucket, sum(c.loans)
from move_change c
join portfolio_member b on b.cell_id = c.cell_id
group by b.block_id, c.month, c.from_bucket, c.to_bucket
having sum(c.loans) <> 0
