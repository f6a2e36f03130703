-- Finds for each delivered repayment its loan and the stored newest report of the month, and adds the plain ones: a
-- known loan's month within its life, with one report in the delivery and none stored. All others go to
-- repayment_report; where one of those is to be rejected, nothing is added: the merge begins anew without it.
-- $1 date first delivered month
-- $2 date last delivered month
with resolved as materialized (
    select
        delivered.place, loan.id as loan_id, delivered.due, delivered.paid, delivered.balance,
        delivered.overdue_amount, delivered.reported_at, newest.reported_at as newest_at, delivered.month,
        delivered.days_past_due,
        count(*) over (partition by loan.id, delivered.month) = 1 as alone,
        newest.loan_id is not null and (
            newest.reported_at, newest.due, newest.paid, newest.balance, newest.overdue_amount, newest.days_past_due
        ) = (
            delivered.reported_at, delivered.due, delivered.paid, delivered.balance, delivered.overdue_amount,
            delivered.days_past_due
        ) as repeats,
        -- Most months are after the day of opening itself, and no month's first day has to be found.
        (delivered.month >= loan.opened_on or delivered.month >= date_trunc('month', loan.opened_on)::date)
        and (loan.closed_on is null or delivered.month <= loan.closed_on) as alive
    from delivered_repayment as delivered
    left join institution on institution.code = delivered.institution
    left join loan on loan.institution_id = institution.id and loan.number = delivered.loan
    left join repayment as newest
        on newest.loan_id = loan.id and newest.month = delivered.month and newest.month between $1 and $2
),
others as (
    insert into repayment_report (
        place, loan_id, due, paid, balance, overdue_amount, reported_at, newest_at, month, days_past_due, alone,
        repeats
    )
    select
        place, loan_id, due, paid, balance, overdue_amount, reported_at, newest_at, month, days_past_due, alone,
        repeats
    from resolved
    where not (alone and newest_at is null and alive is true)
)
insert into repayment (loan_id, due, paid, balance, overdue_amount, reported_at, month, days_past_due)
select loan_id, due, paid, balance, overdue_amount, reported_at, month, days_past_due
from resolved
where alone and newest_at is null and alive
    and not exists (select from resolved where newest_at is null and alive is not true)
order by loan_id, month
