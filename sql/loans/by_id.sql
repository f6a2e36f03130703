-- The newest version of these loans, a row for each slot that has one, in slot order.
-- $1 bigint[] loan ids
-- -> LoanRow
select
    asked.slot::integer as slot, l.id, l.institution_id, i.code as institution_code, i.name as institution_name,
    i.kind as institution_kind, l.product, l.principal, l.opened_on, l.due_on, l.closed_on, l.state
from unnest($1::bigint[]) with ordinality as asked (id, slot)
join loan l on l.id = asked.id
join institution i on i.id = l.institution_id
order by asked.slot
