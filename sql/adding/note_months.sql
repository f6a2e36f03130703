-- Notes what the touched reports add to the months' populations.
-- $1 integer 1 to add them, -1 to take them away
insert into month_change
select cell_id, slot, bucket_of(days) as bucket, $1::integer * count(*), $1 * sum(balance), $1 * sum(overdue_amount)
from report
where touched and (balance > 0 or overdue_amount > 0)
group by cell_id, slot, bucket_of(days)
