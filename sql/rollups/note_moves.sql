-- Notes what the touched borrowers add to the moves between buckets, or take away.
-- $1 integer 1 to add, -1 to take away
insert into move_change (month, cell_id, from_bucket, to_bucket, loans)
select c.month, c.cell_id, c.from_bucket, c.to_bucket, $1::integer * c.loans
from moves_contribution() as c
