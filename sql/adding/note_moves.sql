-- Notes what the touched reports add to the moves between buckets.
insert into move_change
select cell_id, slot, bucket_of(days), bucket_of(later_days), sum(sign(borrower_id))
from report
where begins and changes
group by cell_id, slot, bucket_of(days), bucket_of(later_days)
