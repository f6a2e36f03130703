-- Gives the touched borrowers' loans as they are now, with the packed series of those that are needed: days past due where
-- there are any or a touched month may be, amounts of the touched months, and of the month before and after where the
-- loan may change. Whether it may is the last column; the eighth is whether it lasts, or has reports, when its borrower's
-- lenders may change. The three after that are the slot of the series' first month, and the first and last touched month
-- counted from there. Other loans of which no month is touched are left out. In COPY's text format.
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
            first_slot - first <= length - (not changes)::integer
            and last_slot - first >= (not changes)::integer - 1 as near,
            since is not null
            and (
                closed_on is null or closed_on >= since - 1 or coalesce(first + length > series_slot(since), false)
            ) as lasts
        from (
            select
                l.borrower_id, l.id, c.id as cell_id, l.institution_id, l.opened_on, l.closed_on, l.principal,
                l.since, l.first_slot, l.last_slot, series_slot(s.first_month) as first,
                cardinality(s.days_past_due) as length, s.days_past_due, s.balance, s.overdue_amount,
                n.loan_id is not null as changes
            from (
                select
                    l.borrower_id, l.id, l.institution_id, l.product, l.opened_on, l.closed_on, l.principal, t.since,
                    t.first_slot, t.last_slot
                from touched_borrower t
                join loan l on l.borrower_id = t.borrower_id
                -- Else the planner joins all loans with all series first.
                offset 0
            ) as l
            join portfolio_cell c on c.institution_id = l.institution_id and c.product = l.product
            left join loan_series s on s.loan_id = l.id
            left join touched_loan n on n.loan_id = l.id
            -- Else the planner works the slots out again wherever they are used.
            offset 0
        ) as slotted
        offset 0
    ) as bounded
    -- Most loans of a borrower ended long before a month that is delivered.
    where near or lasts or changes
) to stdout
