-- Packs the series of some loans from their rows.
-- $1 bigint first loan
-- $2 bigint last loan
-- $3 date first reported month
-- $4 date last reported month
insert into loan_series (loan_id, first_month, due, paid, balance, overdue_amount, days_past_due)
select loan_id, first_month, due, paid, balance, overdue_amount, days_past_due
from reported_series($1, $2, $3, $4)
order by loan_id
