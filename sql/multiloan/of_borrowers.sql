-- What multi-loan figures are counted from: a row for each loan that the borrower of a slot is known to have, or one
-- without a loan, by slot. The slot's first row has the inquiries about the borrower.
-- $1 bigint[] borrower ids
-- $2 timestamptz[] instants, null for now
-- $3 date[] the days on which windows end, each once
-- $4 date the first day of the earliest month in which a window begins: a bound that excludes chunks
-- $5 date the day after the last window, likewise
-- $6 text the platform's time zone, in which an inquiry's instant falls on a day
-- $7 text the code of the institution that asks; null where none asks
-- $8 boolean whether the months are asked in which a loan is overdue
-- -> HoldingRow
select
    asked.slot::integer as slot, l.id, l.institution_id, i.kind as institution_kind, l.product, l.principal, l.opened_on,
    l.closed_on, l.state, months.months, months.balances, months.dues, months.overdue, inquired.instants,
    inquired.inquirers, inquired.kinds, (select id from institution where code = $7) as asking
from unnest($1::bigint[], $2::timestamptz[]) with ordinality as asked (borrower_id, as_of, slot)
left join lateral (
    select
        row_number() over () as place, k.id, k.institution_id, k.product, k.principal, k.opened_on, k.closed_on, k.state
    from known_loan(asked.borrower_id, asked.as_of) k
) l on true
left join institution i on i.id = l.institution_id
-- Of few windows' ends each looks for the newest month before it; else all months are read, which costs less.
left join lateral (
    select
        array_agg(r.month) as months, array_agg(r.balance) as balances, array_agg(r.due) as dues,
        array_agg(r.month) filter (where r.days_past_due > 0 and r.month >= $4) as overdue
    from (
        select newest.month, newest.balance, newest.due, newest.days_past_due
        from unnest($3::date[]) window_end (day)
        cross join lateral (
            select r.month, r.balance, r.due, r.days_past_due
            from repayment r
            where r.loan_id = l.id and r.month < window_end.day
            order by r.month desc
            limit 1
        ) newest
        where asked.as_of is null and not $8 and cardinality($3::date[]) <= 2
        union all
        select r.month, r.balance, r.due, r.days_past_due
        from known_repayment(l.id, asked.as_of) r
        where r.month < $5 and (asked.as_of is not null or $8 or cardinality($3::date[]) > 2)
        order by month
    ) r
) months on true
left join lateral (
    select
        array_agg(q.instant order by q.instant) as instants, array_agg(q.institution_id order by q.instant) as inquirers,
        array_agg(k.kind order by q.instant) as kinds
    from (
        select q.inquired_at at time zone $6 as instant, q.institution_id
        from inquiry q
        where coalesce(l.place, 1) = 1 and q.borrower_id = asked.borrower_id
            and (asked.as_of is null or q.inquired_at <= asked.as_of)
            -- Where clocks are put back over midnight a day's instants are no one span: bounds for the index, not the rule.
            and q.inquired_at >= ($4::date - 1)::timestamp at time zone $6
            and q.inquired_at < ($5::date + 1)::timestamp at time zone $6
    ) q
    join institution k on k.id = q.institution_id
) inquired on true
order by asked.slot, l.place
