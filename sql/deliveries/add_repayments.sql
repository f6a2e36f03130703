-- Adds those reports that were put aside, of the loans' months for which nothing is stored and that the delivery has one
-- report of, in the order in which they are quickest to index.
insert into repayment (loan_id, due, paid, balance, overdue_amount, reported_at, month, days_past_due)
select loan_id, due, paid, balance, overdue_amount, reported_at, month, days_past_due
from repayment_report
where alone and newest_at is null
order by loan_id, month
