-- Reads the reports of the touched months and of the month before and after each span from the packed series, as they
-- are now: once for all that is added up from them. Of a series the touched months are the slots f to g; low to high are
-- read. The offsets keep the planner from working each of these out again wherever it is used, four times as slow.
-- $1 integer 1 to add them, -1 to take them away
insert into touched_report (
    sign, borrower_id, cell_id, opened_on, month, days_past_due, balance, overdue_amount, later_days, touched, begins,
    began, ended
)
select
    $1::integer, r.borrower_id, r.cell_id, r.opened_on,
    (r.first_month + make_interval(months => r.low + u.place::integer - 2))::date, u.days, u.balance, u.overdue_amount,
    u.later, r.low + u.place - 1 between r.f and r.g, r.low + u.place - 1 <= r.g,
    u.earlier is null and r.low + u.place - 1 >= r.f, u.later is null and r.low + u.place - 1 <= r.g
from (
    select
        borrower_id, cell_id, opened_on, first_month, f, g, low, days_past_due[low:high] as days,
        days_past_due[low + 1:high + 1] as later, balance[low:high] as balance,
        overdue_amount[low:high] as overdue_amount,
        case
            when low = 1 then array_prepend(null, days_past_due[1:high - 1])
            else days_past_due[low - 1:high - 1]
        end as earlier
    from (
        select
            borrower_id, cell_id, opened_on, first_month, f, g, days_past_due, balance, overdue_amount,
            greatest(f - 1, 1) as low, least(g + 1, cardinality(days_past_due)) as high
        from (
            select
                l.borrower_id, c.id as cell_id, l.opened_on, s.first_month, s.days_past_due, s.balance, s.overdue_amount,
                series_slot(t.first) - series_slot(s.first_month) + 1 as f,
                series_slot(t.last) - series_slot(s.first_month) + 1 as g
            from touched_span t
            join loan l on l.borrower_id = t.borrower_id
            join portfolio_cell c on c.institution_id = l.institution_id and c.product = l.product
            join loan_series s on s.loan_id = l.id
            offset 0
        ) as slotted
        -- Most loans of a borrower ended long before a month that is delivered.
        where f - 1 <= cardinality(days_past_due) and g + 1 >= 1
        offset 0
    ) as bounded
    offset 0
) as r
cross join lateral unnest(r.days, r.balance, r.overdue_amount, r.later, r.earlier)
    with ordinality as u (days, balance, overdue_amount, later, earlier, place)
where u.days is not null
