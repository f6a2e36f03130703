-- Notes what the touched reports add to the months' populations.
insert into month_change
select
    cell_id, slot, bucket_of(days) as bucket, sum(sign(borrower_id)), sum(sign(borrower_id) * balance),
    sum(sign(borrower_id) * overdue_amount)
from report
where touched and changes and (balance > 0 or overdue_amount > 0)
group by cell_id, slot, bucket_of(days)
