-- Gives the touched borrowers' loans as read_series does, but with all months, and these from the rows themselves, for who
-- makes the rollups anew or compares them. In COPY's text format.
copy (
    select
        l.borrower_id, l.id, c.id, l.institution_id, l.opened_on, l.closed_on, l.principal, true, s.first, 1, s.months,
        s.days_past_due, s.balance, s.overdue_amount, true
    from touched_borrower t
    join loan l on l.borrower_id = t.borrower_id
    join portfolio_cell c on c.institution_id = l.institution_id and c.product = l.product
    left join (
        select
            r.loan_id, r.slots[1] as first, r.slots[cardinality(r.slots)] - r.slots[1] + 1 as months,
            series_joined('{}'::integer[], r.days_past_due, r.slots, r.slots[1], 0, r.dense) as days_past_due,
            series_joined('{}'::bigint[], r.balance, r.slots, r.slots[1], 0, r.dense) as balance,
            series_joined('{}'::bigint[], r.overdue_amount, r.slots, r.slots[1], 0, r.dense) as overdue_amount
        from (
            select
                m.loan_id, array_agg(series_slot(m.month) order by m.month) as slots,
                series_slot(max(m.month)) - series_slot(min(m.month)) + 1 = count(*) as dense,
                array_agg(m.days_past_due order by m.month) as days_past_due,
                array_agg(m.balance order by m.month) as balance,
                array_agg(m.overdue_amount order by m.month) as overdue_amount
            from touched_borrower t
            join loan l on l.borrower_id = t.borrower_id
            cross join reported_span() as span
            join repayment m on m.loan_id = l.id and m.month between span.first and span.last
            group by m.loan_id
        ) as r
    ) as s on s.loan_id = l.id
) to stdout
