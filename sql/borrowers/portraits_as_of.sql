-- What was known of borrowers at instants, as borrowers/portraits has what is known now; the months from their rows.
-- $1 bytea[] subject keys
-- $2 timestamptz[] instants
-- $3 boolean whether the loans are asked
-- $4 boolean whether it is asked who the lenders and the inquirers are
-- $5 boolean whether the inquiries are asked
-- $6 boolean whether the months are asked
-- $7 date the first day of the earliest window that names it
-- $8 integer the days before the horizon of the longest window that ends there: with $7 a bound that excludes chunks
-- $9 date the first month asked: a bound that excludes chunks
-- $10 text the platform's time zone, in which an inquiry's instant falls on a day
-- $11 text the code of the institution that asks; null where none asks
-- -> KnownPortraitRow
select
    asked.slot::integer as slot, b.id as borrower_id, b.subject_key, known.horizon, known.asking,
    case when coalesce(l.place, 1) = 1 then inquired.instants end as instants,
    case when coalesce(l.place, 1) = 1 then inquired.inquirers end as inquirers,
    case when coalesce(l.place, 1) = 1 then inquired.kinds end as kinds,
    l.id, l.institution_id, i.code as institution_code, i.name as institution_name, i.kind as institution_kind,
    l.product, l.principal, l.opened_on, l.due_on, l.closed_on, l.state,
    reported.months, reported.due, reported.paid, reported.balance, reported.overdue_amount, reported.days_past_due
from unnest($1::bytea[], $2::timestamptz[]) with ordinality as asked (subject_key, as_of, slot)
join borrower b on b.subject_key = asked.subject_key and b.known_since <= asked.as_of
cross join lateral (
    select
        (
            select (m.month + interval '1 month')::date
            from reported_month m
            where m.first_reported_at <= asked.as_of
            order by m.month desc
            limit 1
        ) as horizon,
        (select id from institution where code = $11) as asking
    offset 0
) known
left join lateral (
    select
        array_agg(q.instant) as instants,
        array_agg(q.institution_id) filter (where $4) as inquirers,
        array_agg((select m.kind from institution m where m.id = q.institution_id)) filter (where $4) as kinds
    from (
        select q.inquired_at at time zone $10 as instant, q.institution_id
        from inquiry q
        where $5 and q.borrower_id = b.id and q.inquired_at <= asked.as_of
            -- Where clocks are put back over midnight a day's instants are no one span: a bound for the index, not the rule.
            and q.inquired_at >= (least($7::date, known.horizon - $8::integer) - 1)::timestamp at time zone $10
    ) q
) inquired on true
left join lateral (
    select
        k.id, k.institution_id, k.product, k.principal, k.opened_on, k.due_on, k.closed_on, k.state,
        row_number() over (order by k.opened_on desc, k.id desc) as place
    from known_loan(b.id, asked.as_of) k
    where $3
) l on true
left join lateral (
    select m.code, m.name, m.kind from institution m where $4 and m.id = l.institution_id offset 0
) i on true
left join lateral (
    select
        array_agg(r.month) as months, array_agg(r.due) as due, array_agg(r.paid) as paid,
        array_agg(r.balance) as balance, array_agg(r.overdue_amount) as overdue_amount,
        array_agg(r.days_past_due) as days_past_due
    from (
        select r.month, r.due, r.paid, r.balance, r.overdue_amount, r.days_past_due
        from known_repayment(l.id, asked.as_of) r
        where $6 and r.month >= $9
        order by r.month
    ) r
) reported on true
order by asked.slot, l.place
