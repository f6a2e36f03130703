-- Reads all reports of the touched borrowers' loans from the rows themselves, for who makes the rollups anew or compares
-- them.
-- $1 date first reported month
-- $2 date last reported month
insert into touched_report (
    sign, borrower_id, cell_id, opened_on, month, days_past_due, balance, overdue_amount, later_days, touched, begins,
    began, ended
)
select
    1, borrower_id, cell_id, opened_on, month, days_past_due, balance, overdue_amount,
    case when later_month = (month + interval '1 month')::date then later_days end, true, true,
    earlier_month is distinct from (month - interval '1 month')::date,
    later_month is distinct from (month + interval '1 month')::date
from (
    select
        l.borrower_id, l.cell_id, l.opened_on, r.month, r.days_past_due, r.balance, r.overdue_amount,
        lag(r.month) over w as earlier_month, lead(r.month) over w as later_month, lead(r.days_past_due) over w as later_days
    from touched_loan l
    join repayment r on r.loan_id = l.loan_id and r.month between $1 and $2
    window w as (partition by r.loan_id order by r.month)
) as reported
