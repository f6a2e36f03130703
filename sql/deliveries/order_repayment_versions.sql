-- Works out from all reports of a loan's month what was in force when, whatever the order in which they arrived.
insert into repayment_version (
    place, loan_id, due, paid, balance, overdue_amount, reported_at, superseded_at, newest_at, month, days_past_due,
    confirms
)
select
    place, loan_id, due, paid, balance, overdue_amount, reported_at,
    case when not confirms then
        lead(reported_at) over (partition by loan_id, month, confirms order by reported_at)
    end,
    newest_at, month, days_past_due, confirms
from (
    select
        place, loan_id, due, paid, balance, overdue_amount, reported_at, newest_at, month, days_past_due,
        (due, paid, balance, overdue_amount, days_past_due) is not distinct from lag(
            row(due, paid, balance, overdue_amount, days_past_due)
        ) over (partition by loan_id, month order by reported_at) as confirms
    from (
        select distinct on (loan_id, month, reported_at)
            place, loan_id, due, paid, balance, overdue_amount, reported_at, newest_at, month, days_past_due
        from repayment_history
        order by loan_id, month, reported_at, place nulls first
    ) as report
) as compared
