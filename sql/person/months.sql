-- Every version of every month that was reported of loans, by loan and month, the oldest version first.
-- $1 bigint[] the loans
-- $2 date the first month
-- $3 date the last month
-- -> MonthVersionRow
select loan_id, month, due, paid, balance, overdue_amount, days_past_due, reported_at, superseded_at
from (
    select
        loan_id, month, due, paid, balance, overdue_amount, days_past_due, reported_at,
        null::timestamptz as superseded_at
    from repayment
    where loan_id = any ($1) and month between $2 and $3
    union all
    select loan_id, month, due, paid, balance, overdue_amount, days_past_due, reported_at, superseded_at
    from repayment_superseded
    where loan_id = any ($1) and month between $2 and $3
) as version
order by loan_id, month, reported_at
