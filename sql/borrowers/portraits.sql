-- What is known now of the borrowers of these keys: a row for each loan, newest opened first, or one without a loan, by
-- slot; a key whose borrower is not known has none. The slot's first row has the inquiries about the borrower.
-- $1 bytea[] subject keys
-- $2 boolean whether the loans are asked
-- $3 boolean whether it is asked who the lenders and the inquirers are
-- $4 boolean whether the inquiries are asked
-- $5 boolean[] which of the months' columns are asked: due, paid, balance, overdue amount, days past due
-- $6 date the first day of the earliest window that names it
-- $7 integer the days before the horizon of the longest window that ends there: with $6 a bound that excludes chunks
-- $8 text the platform's time zone, in which an inquiry's instant falls on a day
-- $9 text the code of the institution that asks; null where none asks
-- $10 boolean whether months are asked of loans that were closed before the horizon's eve
-- -> PortraitRow
select
    asked.slot::integer as slot, b.id as borrower_id, b.subject_key, known.horizon, known.asking,
    case when coalesce(l.place, 1) = 1 then inquired.instants end as instants,
    case when coalesce(l.place, 1) = 1 then inquired.inquirers end as inquirers,
    case when coalesce(l.place, 1) = 1 then inquired.kinds end as kinds,
    l.id, l.institution_id, i.code as institution_code, i.name as institution_name, i.kind as institution_kind,
    l.product, l.principal, l.opened_on, l.due_on, l.closed_on, l.state, s.first_month,
    case when ($5::boolean[])[1] then s.due end as due,
    case when ($5::boolean[])[2] then s.paid end as paid,
    case when ($5::boolean[])[3] then s.balance end as balance,
    case when ($5::boolean[])[4] then s.overdue_amount end as overdue_amount,
    case when ($5::boolean[])[5] then s.days_past_due end as days_past_due
from unnest($1::bytea[]) with ordinality as asked (subject_key, slot)
join borrower b on b.subject_key = asked.subject_key
cross join (
    select
        (select (m.month + interval '1 month')::date from reported_month m order by m.month desc limit 1) as horizon,
        (select id from institution where code = $9) as asking
) known
left join (
    select
        q.borrower_id,
        array_agg(q.instant) as instants,
        array_agg(q.institution_id) filter (where $3) as inquirers,
        array_agg((select m.kind from institution m where m.id = q.institution_id)) filter (where $3) as kinds
    from (
        select q.borrower_id, q.inquired_at at time zone $8 as instant, q.institution_id
        from inquiry q
        where $4
            and q.borrower_id = any (array(select b.id from borrower b where b.subject_key = any ($1::bytea[])))
            -- Where clocks are put back over midnight a day's instants are no one span: a bound for the index, not the
            -- rule.
            and q.inquired_at >= (
                select
                    (least($6::date, (max(m.month) + interval '1 month')::date - $7::integer) - 1)::timestamp
                    at time zone $8
                from reported_month m
            )
        -- Read chunk by chunk, in no order for the groups: that would read the chunks from before the bound as well.
        offset 0
    ) q
    group by q.borrower_id
) inquired on inquired.borrower_id = b.id
left join lateral (
    select
        k.id, k.institution_id, k.product, k.principal, k.opened_on, k.due_on, k.closed_on, k.state,
        row_number() over (order by k.opened_on desc, k.id desc) as place
    from loan k
    where $2 and k.borrower_id = b.id
) l on true
left join lateral (
    select m.code, m.name, m.kind from institution m where $3 and m.id = l.institution_id offset 0
) i on true
left join lateral (
    select s.first_month, s.due, s.paid, s.balance, s.overdue_amount, s.days_past_due
    from loan_series s
    where s.loan_id = l.id and ($10 or l.closed_on is null or l.closed_on >= known.horizon - 1)
    offset 0
) s on true
order by asked.slot, l.place
