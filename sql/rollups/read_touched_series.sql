-- Gives the touched loans of the touched borrowers as read_series does. In COPY's text format.
copy (
    select
        borrower_id, id, cell_id, institution_id, opened_on, closed_on, principal, whole, first, f, g,
        case when near or 0 < any (days_past_due) then days_past_due end,
        case when near then balance[greatest(f - 1, 1):least(g + 1, cardinality(balance))] end,
        case when near then overdue_amount[greatest(f - 1, 1):least(g + 1, cardinality(balance))] end, changes
    from (
        select
            borrower_id, id, cell_id, institution_id, opened_on, closed_on, principal, whole, first, f, g, days_past_due,
            balance, overdue_amount, changes, f - 1 <= cardinality(days_past_due) and g + 1 >= 1 as near
        from (
            select
                l.borrower_id, l.id, c.id as cell_id, l.institution_id, l.opened_on, l.closed_on, l.principal,
                b.borrower_id is not null as whole, series_slot(s.first_month) as first,
                series_slot(t.first) - series_slot(s.first_month) + 1 as f,
                series_slot(t.last) - series_slot(s.first_month) + 1 as g, s.days_past_due, s.balance, s.overdue_amount,
                true as changes
            from touched_loan n
            join loan l on l.id = n.loan_id
            left join touched_borrower b on b.borrower_id = l.borrower_id
            left join touched_span t on t.borrower_id = l.borrower_id
            join portfolio_cell c on c.institution_id = l.institution_id and c.product = l.product
            left join loan_series s on s.loan_id = l.id
            -- Else the planner works the slots out again wherever they are used.
            offset 0
        ) as slotted
        offset 0
    ) as bounded
    -- Most loans of a borrower ended long before a month that is delivered.
    where whole or near
) to stdout
