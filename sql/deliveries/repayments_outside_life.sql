-- Delivered repayments for a month in which their loan did not exist, in the delivery's order, at most a number; a
-- report that is stored already is not looked at again: the closing may have been reported after it. `total` says how
-- many there are.
-- $1 date first delivered month
-- $2 date last delivered month
-- $3 bigint most rows to give
select report.place, report.month, loan.opened_on, loan.closed_on, count(*) over () as total
from repayment_report as report
join loan on loan.id = report.loan_id
where report.outside
    and report.newest_at is distinct from report.reported_at
    and not exists (
        select
        from repayment_superseded as stored
        where stored.loan_id = report.loan_id
            and stored.month = report.month
            and stored.month between $1 and $2
            and stored.reported_at = report.reported_at
    )
    and not exists (
        select
        from repayment_confirmation as stored
        where stored.loan_id = report.loan_id
            and stored.month = report.month
            and stored.month between $1 and $2
            and stored.reported_at = report.reported_at
    )
order by report.place
limit $3
