-- Delivered repayments of loans that are not known, in the delivery's order, at most a number; `total` says how many
-- there are.
-- $1 bigint most rows to give
select report.place, delivered.loan as got, report.total
from (
    select place, count(*) over () as total
    from repayment_report
    where loan_id is null
    order by place
    limit $1
) as report
join delivered_repayment as delivered on delivered.place = report.place
order by report.place
