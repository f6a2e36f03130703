"""The floor's statements: one a workload, the fastest of those that were tried."""

HORIZON = "(select (max(month) + interval '1 month')::date from reported_month)"
INQUIRIES = """array(
        select (i.inquired_at at time zone 'Asia/Shanghai')::date from inquiry i where i.borrower_id = b.id
    )"""
# Of one loan a read of all months costs less than a second look for the newest balance, and plans without bounds.
ONE = f"""
select
    q.horizon, q.inquiries, l.id, l.institution_id, l.product, l.principal, l.opened_on, l.closed_on, l.state,
    m.months, m.amounts, m.days, m.dues, m.balance
from borrower b
cross join lateral (select {HORIZON} as horizon, {INQUIRIES} as inquiries offset 0) q
left join loan l on l.borrower_id = b.id
left join lateral (
    select
        array_agg(r.month) as months, array_agg(r.overdue_amount) as amounts, array_agg(r.days_past_due) as days,
        array_agg(r.due) as dues, (array_agg(r.balance))[count(*)] as balance
    from (select * from repayment r where r.loan_id = l.id order by r.month) r
) m on true
where b.subject_key = $1
order by l.opened_on desc, l.id desc
"""
ONE_AS_OF = """
select
    q.horizon, q.inquiries, l.id, l.institution_id, l.product, l.principal, l.opened_on, l.closed_on, l.state,
    m.months, m.amounts, m.days, m.dues, m.balance
from borrower b
cross join lateral (
    select
        (select (max(month) + interval '1 month')::date from reported_month where first_reported_at <= $2) as horizon,
        array(
            select (i.inquired_at at time zone 'Asia/Shanghai')::date
            from inquiry i where i.borrower_id = b.id and i.inquired_at <= $2
        ) as inquiries
    offset 0
) q
left join lateral (
    select l.id, l.institution_id, l.product, l.principal, l.opened_on, l.closed_on, l.state
    from loan l where l.borrower_id = b.id and l.reported_at <= $2
    union all
    select l.loan_id, l.institution_id, l.product, l.principal, l.opened_on, l.closed_on, l.state
    from loan_superseded l where l.borrower_id = b.id and l.reported_at <= $2 and $2 < l.superseded_at
) l on true
left join lateral (
    select
        array_agg(r.month) as months, array_agg(r.overdue_amount) as amounts, array_agg(r.days_past_due) as days,
        array_agg(r.due) as dues, (array_agg(r.balance))[count(*)] as balance
    from (
        select r.month, r.overdue_amount, r.days_past_due, r.due, r.balance
        from repayment r where r.loan_id = l.id and r.reported_at <= $2
        union all
        select r.month, r.overdue_amount, r.days_past_due, r.due, r.balance
        from repayment_superseded r where r.loan_id = l.id and r.reported_at <= $2 and $2 < r.superseded_at
        order by month
    ) r
) m on true
where b.subject_key = $1 and b.known_since <= $2
order by l.opened_on desc, l.id desc
"""
MONTHS = f"""
select
    b.subject_key, l.id, l.product, l.opened_on, l.state, m.months, m.dues, m.paids, m.balances, m.amounts, m.days
from (select {HORIZON} - interval '24 months' as start) h
cross join borrower b
left join loan l on l.borrower_id = b.id
left join lateral (
    select
        array_agg(r.month) as months, array_agg(r.due) as dues, array_agg(r.paid) as paids,
        array_agg(r.balance) as balances, array_agg(r.overdue_amount) as amounts, array_agg(r.days_past_due) as days
    from (select * from repayment r where r.loan_id = l.id and r.month >= h.start order by r.month) r
) m on true
where b.subject_key = any ($1)
order by b.id, l.opened_on desc, l.id desc
"""
BATCH = f"""
select
    b.subject_key, q.horizon, q.inquiries, l.id, l.institution_id, l.principal, l.opened_on, l.closed_on, n.balance
from borrower b
cross join lateral (select {HORIZON} as horizon, {INQUIRIES} as inquiries offset 0) q
left join loan l on l.borrower_id = b.id
left join lateral (
    select r.balance from repayment r
    where r.loan_id = l.id and (l.closed_on is null or l.closed_on >= q.horizon - 1)
    order by r.month desc limit 1
) n on true
where b.subject_key = any ($1)
order by b.id
"""
LOG = "select log_inquiries($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)"
