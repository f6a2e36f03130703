-- Notes what the touched reports add to the months' populations and take away.
insert into month_change (cell_id, month, bucket, loans, balance, overdue_amount)
select cell_id, month, portfolio_bucket(days_past_due), sum(sign), sum(sign * balance), sum(sign * overdue_amount)
from touched_report
where touched and (balance > 0 or overdue_amount > 0)
group by cell_id, month, portfolio_bucket(days_past_due)
having sum(sign) <> 0 or sum(sign * balance) <> 0 or sum(sign * overdue_amount) <> 0
