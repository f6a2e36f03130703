-- Delivered reports of a loan's month that differ from another of the same instant, in the delivery's order, at most a
-- number; `other_place` is null where the other one is stored, and a stored one is right; `total` says how many there
-- are.
-- $1 bigint most rows to give
select
    here.place,
    array_to_string(array[
        case when here.dues then 'due' end,
        case when here.payments then 'paid' end,
        case when here.balances then 'balance' end,
        case when here.overdue_amounts then 'overdue_amount' end,
        case when here.days then 'days_past_due' end
    ], ', ') as column_name,
    loan.number || ', ' || to_char(here.month, 'YYYY-MM') as got,
    case when here.differs then here.first_place else here.differing_place end as other_place,
    here.total
from (
    select
        place, loan_id, month, differs, first_place, differing_place, dues, payments, balances, overdue_amounts, days,
        count(*) over () as total
    from (
        select
            place, loan_id, month, differs, first_place,
            min(due) over of_instant <> max(due) over of_instant as dues,
            min(paid) over of_instant <> max(paid) over of_instant as payments,
            min(balance) over of_instant <> max(balance) over of_instant as balances,
            min(overdue_amount) over of_instant <> max(overdue_amount) over of_instant as overdue_amounts,
            min(days_past_due) over of_instant <> max(days_past_due) over of_instant as days,
            min(place) filter (where differs) over of_instant as differing_place
        from (
            select
                place, loan_id, month, reported_at, due, paid, balance, overdue_amount, days_past_due,
                first_value(place) over first_report as first_place,
                (due, paid, balance, overdue_amount, days_past_due) <> first_value(
                    row(due, paid, balance, overdue_amount, days_past_due)
                ) over first_report as differs
            from repayment_history
            -- Nearly all instants of a month have one report: looking at these costs less than comparing them.
            where (loan_id, month, reported_at) in (
                select loan_id, month, reported_at
                from repayment_history
                group by loan_id, month, reported_at
                having count(*) > 1
            )
            window first_report as (partition by loan_id, month, reported_at order by place nulls first)
        ) as compared
        window of_instant as (partition by loan_id, month, reported_at)
    ) as grouped
    where place is not null and (differs or (first_place is not null and differing_place is not null))
    order by place
    limit $1
) as here
join loan on loan.id = here.loan_id
order by here.place
