-- What became of deliveries' rows, for each slot by kind of file in the order in which the kinds are loaded.
-- $1 bigint[] deliveries
-- -> DeliveryCountRow
select
    asked.slot::integer as slot, counted.kind, counted.read, counted.added, counted.corrected, counted.older,
    counted.unchanged, counted.rejected, counted.withheld, counted.warned
from unnest($1::bigint[]) with ordinality as asked (delivery_id, slot)
join delivery_count as counted on counted.delivery_id = asked.delivery_id
order by asked.slot, array_position(array['institutions', 'loans', 'repayments', 'inquiries'], counted.kind)
