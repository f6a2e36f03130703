-- Multi-loan figures, for each slot a row of all kinds of institution and one for each kind with anything to count.
-- $1 jsonb questions, as the function asked_loan takes them; start_on and end_on are the window
-- $2 integer[] the number of each slot's question
-- $3 bigint[] each slot's borrower id
-- $4 date the first day of the earliest month in which a window begins: a bound that excludes chunks
-- $5 date the day after the last window, likewise
-- $6 text the platform's time zone, in which an inquiry's instant falls on a day
-- $7 text the code of the institution that asks: its own inquiries are counted apart; null where none asks
-- -> MultiLoanRow
with slot as (
    select s.slot::integer, s.borrower_id, q.start_on, q.end_on, q.as_of, q.kinds
    from unnest($2::integer[], $3::bigint[]) with ordinality as s (number, borrower_id, slot)
    join jsonb_to_recordset($1) as q (number integer, start_on date, end_on date, as_of timestamptz, kinds text[])
        on q.number = s.number
),
held as materialized (
    select
        a.slot, a.borrower_id, a.start_on, a.end_on, a.as_of, a.id, a.institution_id, a.institution_kind, a.principal,
        a.opened_on, a.closed_on, a.state,
        a.opened_on < a.end_on and (a.closed_on is null or a.closed_on >= a.start_on) as active,
        a.opened_on < a.end_on and (a.closed_on is null or a.closed_on >= a.end_on - 1) as at_end,
        a.opened_on >= a.start_on and a.opened_on < a.end_on as opened
    from asked_loan($1, $2, $3) a
),
-- Every day on which a loan of the window begins, or has just ended; how many loans of its lender are alive then.
day as (
    select
        slot, on_day, sum(change) over (partition by slot order by on_day) as loans,
        sum(change) over (partition by slot, institution_id order by on_day) as of_lender,
        institution_id
    from (
        select slot, institution_id, greatest(opened_on, start_on) as on_day, 1 as change from held where active
        union all
        select slot, institution_id, closed_on + 1, -1 from held where active and closed_on < end_on - 1
    ) change
),
-- A lender counts from the day on which its first loan begins to the day after its last one's end.
lender_day as (
    select
        slot, on_day,
        (of_lender > 0)::integer
            - coalesce(lag((of_lender > 0)::integer) over (partition by slot, institution_id order by on_day), 0) as change
    from (select distinct slot, institution_id, on_day, of_lender from day) of_day
),
asking as (
    select id from institution where code = $7
),
-- What is known of a loan is read once for all the windows that ask; the newest month may lie any time before a window's
-- end, so nothing bounds it from below. Loans carry their windows as arrays, for a join back would be a nested loop: the
-- planner cannot know how many loans there are.
money as (
    select
        asked.slot, loan.institution_kind, loan.institution_id,
        case when asked.at_end then coalesce(series.balances[newest.place], loan.principal) end as balance,
        case when series.months[newest.place] = date_trunc('month', asked.end_on - 1)::date
            then series.dues[newest.place] end as due
    from (
        select
            id, as_of, institution_kind, institution_id, principal, array_agg(slot) as slots, array_agg(end_on) as ends,
            array_agg(at_end) as at_ends
        from held
        group by id, as_of, institution_kind, institution_id, principal
    ) loan
    cross join lateral (
        select
            array_agg(r.month order by r.month) as months, array_agg(r.due order by r.month) as dues,
            array_agg(r.balance order by r.month) as balances
        from known_repayment(loan.id, loan.as_of) r
        where r.month < $5
    ) series
    cross join lateral unnest(loan.slots, loan.ends, loan.at_ends) as asked (slot, end_on, at_end)
    cross join lateral (select nullif(width_bucket(asked.end_on - 1, series.months), 0) as place) newest
),
-- Loans opened in a month in which another loan of the borrower is reported overdue.
burdened as (
    select asked.slot, asked.kind
    from (
        select
            borrower_id, as_of, array_agg(slot) as slots, array_agg(id) as ids, array_agg(institution_kind) as kinds,
            array_agg(date_trunc('month', opened_on)::date) as months
        from held
        where opened
        group by borrower_id, as_of
    ) borrower
    cross join lateral (
        select array_agg(other.id) as ids, array_agg(r.month) as months
        from known_loan(borrower.borrower_id, borrower.as_of) other
        cross join lateral known_repayment(other.id, borrower.as_of) r
        where r.days_past_due > 0 and r.month >= $4 and r.month < $5
    ) overdue
    cross join lateral unnest(borrower.slots, borrower.ids, borrower.kinds, borrower.months)
        as asked (slot, id, kind, month)
    where exists (
        select
        from unnest(overdue.ids, overdue.months) as other (id, month)
        where other.id <> asked.id and other.month = asked.month
    )
),
-- What is to be counted, one row a loan, its money, an inquiry, a slot's peak, and a slot.
fact as (
    select
        h.slot, h.end_on - 1 as last_day, h.institution_kind as kind, h.institution_id as lender,
        h.institution_id = (select id from asking) as own,
        h.principal, h.opened, h.active, h.at_end,
        h.state = 'SETTLED' and h.closed_on >= h.start_on and h.closed_on < h.end_on as settled,
        false as while_overdue,
        case when h.opened then h.opened_on end as opened_on,
        null::bigint as balance, null::bigint as due,
        null::integer as inquirer, null::timestamp as inquired_at, null::bigint as peak_loans, null::bigint as peak_lenders
    from held h
    union all
    select
        m.slot, null, m.institution_kind, null, m.institution_id = (select id from asking), null, false, false, false,
        false, false, null, m.balance, m.due, null, null, null, null
    from money m
    union all
    select slot, null, kind, null, null, null, false, false, false, false, true, null, null, null, null, null, null, null
    from burdened
    union all
    select
        s.slot, s.end_on - 1, i.kind, null, q.institution_id = (select id from asking),
        null, false, false, false, false, false, null, null, null,
        q.institution_id, q.inquired_at at time zone $6, null, null
    from slot s
    join inquiry q on q.borrower_id = s.borrower_id
        and (q.inquired_at at time zone $6)::date >= s.start_on and (q.inquired_at at time zone $6)::date < s.end_on
        -- Where clocks are put back over midnight a day's instants are no one span: bounds for the index, not the rule.
        and q.inquired_at >= (s.start_on - 1)::timestamp at time zone $6
        and q.inquired_at < (s.end_on + 1)::timestamp at time zone $6
    join institution i on i.id = q.institution_id
    where q.inquired_at >= ($4::date - 1)::timestamp at time zone $6
        and q.inquired_at < ($5::date + 1)::timestamp at time zone $6
        and (s.as_of is null or q.inquired_at <= s.as_of)
        and (s.kinds is null or i.kind = any (s.kinds))
    union all
    select
        slot, null, null, null, null, null, false, false, false, false, false, null, null, null, null, null, loans, null
    from day
    union all
    select
        slot, null, null, null, null, null, false, false, false, false, false, null, null, null, null, null, null,
        sum(change) over (partition by slot order by on_day)
    from lender_day
    union all
    select
        slot, null, null, null, null, null, false, false, false, false, false, null, null, null, null, null, null, null
    from slot
)
select
    slot,
    kind,
    (count(*) filter (where opened))::integer as loans_opened,
    (count(*) filter (where active))::integer as loans_active,
    (count(*) filter (where settled))::integer as loans_settled,
    (count(*) filter (where at_end))::integer as loans_at_end,
    (count(distinct lender) filter (where opened))::integer as lenders_opened,
    (count(distinct lender) filter (where active))::integer as lenders_active,
    (count(distinct lender) filter (where at_end))::integer as lenders_at_end,
    (count(inquirer) filter (where own is not true))::integer as inquiries,
    (count(distinct inquirer) filter (where own is not true))::integer as inquirers,
    (count(*) filter (
        where own is not true and (inquired_at::time >= '22:00' or inquired_at::time < '06:00')
    ))::integer as inquiries_at_night,
    (count(*) filter (where own is not true and extract(isodow from inquired_at) >= 6))::integer as inquiries_at_weekend,
    (count(inquirer) filter (where own))::integer as own_inquiries,
    coalesce(max(peak_loans), 0)::integer as peak_loans,
    coalesce(max(peak_lenders), 0)::integer as peak_lenders,
    (count(*) filter (where while_overdue))::integer as loans_opened_while_overdue,
    coalesce(sum(principal) filter (where opened), 0)::bigint as principal_opened,
    coalesce(sum(balance), 0)::bigint as balance_at_end,
    coalesce(sum(due), 0)::bigint as due_in_last_month,
    (count(*) filter (where own and at_end))::integer as own_loans_at_end,
    coalesce(sum(balance) filter (where own), 0)::bigint as own_balance_at_end,
    max(last_day) - min(opened_on) as days_since_first_loan,
    max(last_day) - max(opened_on) as days_since_last_loan,
    max(last_day) - (min(inquired_at) filter (where own is not true))::date as days_since_first_inquiry,
    max(last_day) - (max(inquired_at) filter (where own is not true))::date as days_since_last_inquiry
from fact
group by grouping sets ((slot), (slot, kind))
having grouping(kind) = 1
    or (kind is not null and (count(*) filter (where active) > 0 or count(inquirer) filter (where own is not true) > 0))
order by slot, kind nulls first
