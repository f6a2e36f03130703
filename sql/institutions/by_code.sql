-- The institutions of these codes, a row for each slot that has one, in slot order.
-- $1 text[] codes
-- -> InstitutionRow
select asked.slot::integer as slot, i.id, i.code, i.name, i.kind
from unnest($1::text[]) with ordinality as asked (code, slot)
join institution i on i.code = asked.code
order by asked.slot
