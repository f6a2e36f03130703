-- Delivered reports of a loan's month that differ from another of the same instant, in the delivery's order, at most
-- 20; `other_place` is null where the other one is stored; `total` says how many there are.
select
    here.place,
    array_to_string(array[
        case when here.due <> here.first_due then 'due' end,
        case when here.paid <> here.first_paid then 'paid' end,
        case when here.balance <> here.first_balance then 'balance' end,
        case when here.overdue_amount <> here.first_overdue_amount then 'overdue_amount' end,
        case when here.days_past_due <> here.first_days_past_due then 'days_past_due' end
    ], ', ') as column_name,
    loan.number || ', ' || to_char(here.month, 'YYYY-MM') as got,
    here.first_place as other_place,
    here.total
from (
    select place, loan_id, month, due, paid, balance, overdue_amount, days_past_due, first_place, first_due,
        first_paid, first_balance, first_overdue_amount, first_days_past_due, count(*) over () as total
    from (
        select
            place, loan_id, month, due, paid, balance, overdue_amount, days_past_due,
            first_value(place) over first_report as first_place,
            first_value(due) over first_report as first_due,
            first_value(paid) over first_report as first_paid,
            first_value(balance) over first_report as first_balance,
            first_value(overdue_amount) over first_report as first_overdue_amount,
            first_value(days_past_due) over first_report as first_days_past_due
        from repayment_history
        window first_report as (partition by loan_id, month, reported_at order by place nulls first)
    ) as compared
    where place is not null
        and (due, paid, balance, overdue_amount, days_past_due)
        <> (first_due, first_paid, first_balance, first_overdue_amount, first_days_past_due)
    order by place
    limit 20
) as here
join loan on loan.id = here.loan_id
order by here.place
