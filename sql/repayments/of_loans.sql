-- What was known at each slot's instant of a loan's months in its window, by slot, oldest month first.
-- $1 bigint[] loan ids
-- $2 date[] the windows' first days
-- $3 date[] the days after the windows' last
-- $4 timestamptz[] instants, null for now
-- $5 date the earliest of $2: a bound that excludes chunks, as an array's cannot
-- $6 date the latest of $3, likewise
-- -> RepaymentRow
select
    asked.slot::integer as slot, r.month, r.due, r.paid, r.balance, r.overdue_amount, r.days_past_due, r.reported_at
from unnest($1::bigint[], $2::date[], $3::date[], $4::timestamptz[])
    with ordinality as asked (loan_id, start_on, end_on, as_of, slot)
cross join lateral known_repayment(asked.loan_id, asked.as_of) r
where r.month >= asked.start_on and r.month < asked.end_on and r.month >= $5 and r.month < $6
order by asked.slot, r.month
