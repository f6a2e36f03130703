-- What was known at an instant, and which loans a question is about: each rule in one place, for every statement.
--
-- The planner writes these functions out in the statements that call them, so they cost nothing, and a bound on month
-- outside reaches the hypertables inside. Without an instant nothing is looked up among the superseded: the newest
-- version does not pay for history.

create function known_loan(borrower bigint, instant timestamptz)
returns table (
    id bigint,
    institution_id integer,
    product text,
    principal bigint,
    opened_on date,
    due_on date,
    closed_on date,
    state text
)
language sql stable parallel safe
begin atomic
    select l.id, l.institution_id, l.product, l.principal, l.opened_on, l.due_on, l.closed_on, l.state
    from loan l
    where l.borrower_id = borrower and (instant is null or l.reported_at <= instant)
    union all
    select v.loan_id, v.institution_id, v.product, v.principal, v.opened_on, v.due_on, v.closed_on, v.state
    from loan_superseded v
    where v.borrower_id = borrower
        and instant is not null and v.reported_at <= instant and instant < v.superseded_at;
end;
comment on function known_loan is 'The loans of a borrower, each in the version in force at an instant; null: now.';

create function known_repayment(loan bigint, instant timestamptz)
returns table (
    month date,
    due bigint,
    paid bigint,
    balance bigint,
    overdue_amount bigint,
    days_past_due integer,
    reported_at timestamptz
)
language sql stable parallel safe
begin atomic
    select r.month, r.due, r.paid, r.balance, r.overdue_amount, r.days_past_due, r.reported_at
    from repayment r
    where r.loan_id = loan and (instant is null or r.reported_at <= instant)
    union all
    select v.month, v.due, v.paid, v.balance, v.overdue_amount, v.days_past_due, v.reported_at
    from repayment_superseded v
    where v.loan_id = loan
        and instant is not null and v.reported_at <= instant and instant < v.superseded_at;
end;
comment on function known_repayment is 'The months of a loan, each in the version in force at an instant; null: now.';

create function asked_loan(questions jsonb, numbers integer[], borrowers bigint[])
returns table (
    slot integer,
    borrower_id bigint,
    start_on date,
    end_on date,
    as_of timestamptz,
    id bigint,
    institution_id integer,
    institution_kind text,
    product text,
    principal bigint,
    opened_on date,
    due_on date,
    closed_on date,
    state text
)
language sql stable parallel safe
begin atomic
    -- Each question: {number, start_on, end_on, as_of, kinds, products, states, opened_from, opened_to, active_from,
    -- active_to}; what is absent or null does not restrict. A slot is a question about one borrower.
    select
        s.slot::integer, s.borrower_id, q.start_on, q.end_on, q.as_of, l.id, l.institution_id, i.kind, l.product,
        l.principal, l.opened_on, l.due_on, l.closed_on, l.state
    from unnest(numbers, borrowers) with ordinality as s (number, borrower_id, slot)
    join jsonb_to_recordset(questions) as q (
        number integer, start_on date, end_on date, as_of timestamptz,
        kinds text[], products text[], states text[],
        opened_from date, opened_to date, active_from date, active_to date
    ) on q.number = s.number
    cross join lateral known_loan(s.borrower_id, q.as_of) l
    join institution i on i.id = l.institution_id
    where (q.kinds is null or i.kind = any (q.kinds))
        and (q.products is null or l.product = any (q.products))
        and (q.states is null or l.state = any (q.states))
        and (q.opened_from is null or (q.opened_from <= l.opened_on and l.opened_on < q.opened_to))
        and (
            q.active_from is null
            or (l.opened_on < q.active_to and (l.closed_on is null or q.active_from <= l.closed_on))
        );
end;
comment on function asked_loan is 'The loans known at each question''s instant that pass its filter, by slot.';
