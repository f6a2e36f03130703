-- Adds what changed of the moves between buckets.
insert into portfolio_move as kept (month, cell_id, from_bucket, to_bucket, loans)
select month, cell_id, from_bucket, to_bucket, sum(loans)
from move_change
group by month, cell_id, from_bucket, to_bucket
having sum(loans) <> 0
on conflict (month, cell_id, from_bucket, to_bucket) do update
set loans = kept.loans + excluded.loans
