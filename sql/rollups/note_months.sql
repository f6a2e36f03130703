-- Notes what the touched borrowers add to the months' populations, or take away.
-- $1 integer 1 to add, -1 to take away
insert into month_change (month, cell_id, bucket, loans, balance, overdue_amount)
select c.month, c.cell_id, c.bucket, $1::integer * c.loans, $1::integer * c.balance, $1::integer * c.overdue_amount
from months_contribution() as c
