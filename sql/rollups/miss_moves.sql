-- Takes what is kept of the moves between buckets from what was noted.
insert into move_change (month, cell_id, from_bucket, to_bucket, loans)
select month, cell_id, from_bucket, to_bucket, -loans
from portfolio_move
