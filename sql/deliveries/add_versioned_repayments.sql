-- Adds the reports of the loans' months for which nothing is stored and that the delivery has several reports of, each in
-- its newest version.
insert into repayment (loan_id, due, paid, balance, overdue_amount, reported_at, month, days_past_due)
select loan_id, due, paid, balance, overdue_amount, reported_at, month, days_past_due
from repayment_version
where newest_at is null and not confirms and superseded_at is null
order by loan_id, month
