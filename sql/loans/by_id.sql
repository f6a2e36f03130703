-- The newest version of these loans with all their months, a row for each slot that has one, in slot order; no inquiries.
-- $1 bigint[] loan ids
-- -> PortraitRow
select
    asked.slot::integer as slot, l.borrower_id, b.subject_key,
    (select (m.month + interval '1 month')::date from reported_month m order by m.month desc limit 1) as horizon,
    null::integer as asking, null::timestamp[] as instants, null::integer[] as inquirers, null::text[] as kinds,
    l.id, l.institution_id, i.code as institution_code, i.name as institution_name, i.kind as institution_kind,
    l.product, l.principal, l.opened_on, l.due_on, l.closed_on, l.state,
    s.first_month, s.due, s.paid, s.balance, s.overdue_amount, s.days_past_due
from unnest($1::bigint[]) with ordinality as asked (id, slot)
join loan l on l.id = asked.id
join borrower b on b.id = l.borrower_id
join institution i on i.id = l.institution_id
left join loan_series s on s.loan_id = l.id
order by asked.slot
