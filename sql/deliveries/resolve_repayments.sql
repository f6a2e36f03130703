-- Finds for each delivered repayment its loan and the stored newest report of the month, by loan and month, and whether it
-- may seem wrong: by itself, or beside the report before it, which is delivered or the last one in the loan's series.
-- $1 date first delivered month for which something may be stored; null: none
-- $2 date last delivered month for which something may be stored
insert into repayment_report (
    place, loan_id, institution_id, due, paid, balance, overdue_amount, reported_at, newest_at, month, days_past_due,
    alone, repeats, outside, odd
)
select
    place, loan_id, institution_id, due, paid, balance, overdue_amount, reported_at, newest_at, month, days_past_due,
    alone, repeats, outside,
    -- Months that follow each other begin 28 to 31 days apart: the exact days that passed need seldom be found.
    not alone or newest_at is not null or month <= last_month
        or days_past_due > 0 and overdue_amount = 0
        or days_past_due - before_days >= 28
            and days_past_due - before_days
                > (month + interval '1 month')::date - (before_month + interval '1 month')::date
        or days_past_due < before_days and paid = 0
        or month - before_month > 31
        or instalments and balance > before_balance
        or balance > 0 and closed_on - month between 0 and 30
from (
    select
        place, loan_id, institution_id, due, paid, balance, overdue_amount, reported_at, newest_at, month,
        days_past_due, repeats, outside, instalments, closed_on, last_month,
        lag(month) over months is distinct from month and lead(month) over months is distinct from month as alone,
        coalesce(lag(month) over months, last_month) as before_month,
        coalesce(lag(balance) over months, last_balance) as before_balance,
        coalesce(lag(days_past_due) over months, last_days) as before_days
    from (
        select
            delivered.place, loan.id as loan_id, loan.institution_id, delivered.due, delivered.paid, delivered.balance,
            delivered.overdue_amount, delivered.reported_at, newest.reported_at as newest_at, delivered.month,
            delivered.days_past_due,
            newest.loan_id is not null and (
                newest.reported_at, newest.due, newest.paid, newest.balance, newest.overdue_amount,
                newest.days_past_due
            ) = (
                delivered.reported_at, delivered.due, delivered.paid, delivered.balance, delivered.overdue_amount,
                delivered.days_past_due
            ) as repeats,
            -- Most months begin after the day of opening: the first day of that one's month need not be found.
            loan.id is not null and (
                delivered.month < loan.opened_on and delivered.month < date_trunc('month', loan.opened_on)::date
                or loan.closed_on is not null and delivered.month > loan.closed_on
            ) as outside,
            loan.due_on is not null as instalments,
            case when loan.state = 'SETTLED' then loan.closed_on end as closed_on,
            (known.first_month + make_interval(months => cardinality(known.due) - 1))::date as last_month,
            known.balance[cardinality(known.due)] as last_balance,
            known.days_past_due[cardinality(known.due)] as last_days
        from delivered_repayment as delivered
        left join institution on institution.code = delivered.institution
        left join loan on loan.institution_id = institution.id and loan.number = delivered.loan
        left join repayment as newest
            on newest.loan_id = loan.id and newest.month = delivered.month and newest.month between $1 and $2
        left join loan_series as known on known.loan_id = loan.id
    ) as resolved
    window months as (partition by loan_id order by month)
) as neighboured
order by loan_id, month
