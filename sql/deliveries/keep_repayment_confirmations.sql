-- Keeps the confirmations of months that are not kept yet.
insert into repayment_confirmation (loan_id, reported_at, month)
select loan_id, reported_at, month
from repayment_version
where confirms
order by loan_id, month, reported_at
on conflict (loan_id, month, reported_at) do nothing
