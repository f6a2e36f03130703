-- Takes what is kept of the months' populations from what was noted.
insert into month_change (month, cell_id, bucket, loans, balance, overdue_amount)
select month, cell_id, bucket, -loans, -balance, -overdue_amount
from portfolio_month
