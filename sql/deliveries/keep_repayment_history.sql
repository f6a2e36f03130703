-- Keeps the older versions of months that are not kept yet.
insert into repayment_superseded (
    loan_id, due, paid, balance, overdue_amount, reported_at, superseded_at, month, days_past_due
)
select loan_id, due, paid, balance, overdue_amount, reported_at, superseded_at, month, days_past_due
from repayment_version
where not confirms and superseded_at is not null
order by loan_id, month, reported_at
on conflict (loan_id, month, reported_at) do nothing
