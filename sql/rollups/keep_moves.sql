-- Adds what changed of the moves between buckets.
insert into portfolio_move as kept (block_id, month, from_bucket, to_bucket, loans)
select block_id, month, from_bucket, to_bucket, loans
from move_sum
order by block_id, month, from_bucket, to_bucket
on conflict (block_id, month, from_bucket, to_bucket) do update
set loans = kept.loans + excluded.loans
