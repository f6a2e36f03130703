-- Notes what the touched reports add to the moves between buckets.
-- $1 integer 1 to add them, -1 to take them away
insert into move_change
select cell_id, slot, bucket_of(days), bucket_of(later_days), $1::integer * count(*)
from report
where begins
group by cell_id, slot, bucket_of(days), bucket_of(later_days)
