-- Takes rejected rows out of the delivered repayments that were put aside; what is the only row of its key now is alone.
-- $1 bigint[] their places
with kept as (
    select place, count(*) over (partition by loan_id, month) = 1 as alone
    from repayment_report
    where place <> all ($1::bigint[])
),
dropped as (
    delete from repayment_report where place = any ($1::bigint[])
)
update repayment_report as report
set alone = true
from kept
where kept.place = report.place and kept.alone and not report.alone
