-- Adds some of the repayments whose months were merged into their loans' series at once, in the order in which they were
-- sorted.
-- $1 tid the first that is added, by its page and place
-- $2 tid the first that is not
insert into repayment (loan_id, due, paid, balance, overdue_amount, reported_at, month, days_past_due)
select loan_id, due, paid, balance, overdue_amount, reported_at, month, days_past_due
from plain_repayment
where ctid >= $1::tid and ctid < $2::tid
