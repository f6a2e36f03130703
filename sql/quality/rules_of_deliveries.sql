-- The rejected and the warned rows of deliveries by rule, for each slot the most first.
-- $1 bigint[] deliveries
-- -> RuleRow
select asked.slot::integer as slot, counted.warns, counted.rule, counted.rows
from unnest($1::bigint[]) with ordinality as asked (delivery_id, slot)
join delivery_rule as counted on counted.delivery_id = asked.delivery_id
order by asked.slot, counted.warns, counted.rows desc, counted.rule
