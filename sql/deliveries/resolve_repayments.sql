-- Finds for each delivered repayment its loan and the stored newest report of the month, by loan and month.
-- $1 date first delivered month
-- $2 date last delivered month
insert into repayment_report (
    place, loan_id, institution_id, due, paid, balance, overdue_amount, reported_at, newest_at, month, days_past_due,
    alone, repeats, outside
)
select
    delivered.place, loan.id, loan.institution_id, delivered.due, delivered.paid, delivered.balance,
    delivered.overdue_amount, delivered.reported_at, newest.reported_at, delivered.month, delivered.days_past_due,
    count(*) over (partition by loan.id, delivered.month) = 1,
    newest.loan_id is not null and (
        newest.reported_at, newest.due, newest.paid, newest.balance, newest.overdue_amount, newest.days_past_due
    ) = (
        delivered.reported_at, delivered.due, delivered.paid, delivered.balance, delivered.overdue_amount,
        delivered.days_past_due
    ),
    -- Most months begin after the day of opening: the first day of that one's month need not be found.
    loan.id is not null and (
        delivered.month < loan.opened_on and delivered.month < date_trunc('month', loan.opened_on)::date
        or loan.closed_on is not null and delivered.month > loan.closed_on
    )
from delivered_repayment as delivered
left join institution on institution.code = delivered.institution
left join loan on loan.institution_id = institution.id and loan.number = delivered.loan
left join repayment as newest
    on newest.loan_id = loan.id and newest.month = delivered.month and newest.month between $1 and $2
order by loan.id, delivered.month
