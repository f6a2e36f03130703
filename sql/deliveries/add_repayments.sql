-- Adds the reports of the loans' months for which nothing is stored, each in its newest version.
insert into repayment (loan_id, due, paid, balance, overdue_amount, reported_at, month, days_past_due)
select loan_id, due, paid, balance, overdue_amount, reported_at, month, days_past_due
from (
    select loan_id, due, paid, balance, overdue_amount, reported_at, month, days_past_due
    from repayment_report
    where alone and newest_at is null
    union all
    select loan_id, due, paid, balance, overdue_amount, reported_at, month, days_past_due
    from repayment_version
    where newest_at is null and not confirms and superseded_at is null
) as newest
order by loan_id, month
