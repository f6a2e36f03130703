-- Gives the touched borrowers' touched loans as read_series does. In COPY's text format.
copy (
    select
        borrower_id, id, cell_id, institution_id, opened_on, closed_on, principal, lasts, first,
        first_slot - first + 1, last_slot - first + 1,
        case when near or 0 < any (days_past_due) then days_past_due end,
        case when near then balance[greatest(first_slot - first, 1):least(last_slot - first + 2, length)] end,
        case when near then overdue_amount[greatest(first_slot - first, 1):least(last_slot - first + 2, length)] end,
        changes
    from (
        select
            borrower_id, id, cell_id, institution_id, opened_on, closed_on, principal, first_slot, last_slot, first, length,
            days_past_due, balance, overdue_amount, changes,
            first_slot - first <= length and last_slot - first >= -1 as near,
            since is not null
            and (
                closed_on is null or closed_on >= since - 1 or coalesce(first + length > series_slot(since), false)
            ) as lasts
        from (
            select
                l.borrower_id, l.id, c.id as cell_id, l.institution_id, l.opened_on, l.closed_on, l.principal,
                t.since, t.first_slot, t.last_slot, series_slot(s.first_month) as first,
                cardinality(s.days_past_due) as length, s.days_past_due, s.balance, s.overdue_amount, true as changes
            from touched_loan n
            join loan l on l.id = n.loan_id
            join touched_borrower t on t.borrower_id = l.borrower_id
            join portfolio_cell c on c.institution_id = l.institution_id and c.product = l.product
            left join loan_series s on s.loan_id = l.id
            -- Else the planner works the slots out again wherever they are used.
            offset 0
        ) as slotted
        offset 0
    ) as bounded
) to stdout
