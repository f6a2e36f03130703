-- Keeps the packed series of the loans of which the delivery changes a month's newest report: the months come right
-- after those that are there already in the ordinary case, else into their places.
insert into loan_series (loan_id, first_month, due, paid, balance, overdue_amount, days_past_due)
with changed as (
    select loan_id, month, due, paid, balance, overdue_amount, days_past_due
    from repayment_report
    where alone and newest_at is null
    union all
    select loan_id, month, due, paid, balance, overdue_amount, days_past_due
    from repayment_version
    where not confirms and superseded_at is null and newest_at is distinct from reported_at
),
packed as (
    select
        loan_id, min(month) as first_month,
        array_agg(series_slot(month) order by month) as slots,
        array_agg(due order by month) as due,
        array_agg(paid order by month) as paid,
        array_agg(balance order by month) as balance,
        array_agg(overdue_amount order by month) as overdue_amount,
        array_agg(days_past_due order by month) as days_past_due
    from changed
    group by loan_id
),
placed as (
    select
        packed.loan_id, least(packed.first_month, known.first_month) as first_month,
        series_slot(least(packed.first_month, known.first_month)) as first_slot,
        greatest(series_slot(known.first_month) - packed.slots[1], 0) as before,
        packed.slots[cardinality(packed.slots)] - packed.slots[1] = cardinality(packed.slots) - 1
            and (
                known.loan_id is null
                or packed.slots[1] = series_slot(known.first_month) + cardinality(known.due)
            ) as follows,
        packed.slots, packed.due, packed.paid, packed.balance, packed.overdue_amount, packed.days_past_due,
        known.due as known_due, known.paid as known_paid, known.balance as known_balance,
        known.overdue_amount as known_overdue_amount, known.days_past_due as known_days_past_due
    from packed
    left join loan_series as known on known.loan_id = packed.loan_id
)
select
    loan_id, first_month,
    series_joined(known_due, due, slots, first_slot, before, follows),
    series_joined(known_paid, paid, slots, first_slot, before, follows),
    series_joined(known_balance, balance, slots, first_slot, before, follows),
    series_joined(known_overdue_amount, overdue_amount, slots, first_slot, before, follows),
    series_joined(known_days_past_due, days_past_due, slots, first_slot, before, follows)
from placed
order by loan_id
on conflict (loan_id) do update
set first_month = excluded.first_month,
    due = excluded.due,
    paid = excluded.paid,
    balance = excluded.balance,
    overdue_amount = excluded.overdue_amount,
    days_past_due = excluded.days_past_due
