-- How many deliveries are noted, for each slot the same.
-- $1 integer[] slots
-- -> TotalRow
select asked.slot, known.total
from unnest($1::integer[]) as asked (slot)
cross join (select count(*) as total from delivery) as known
order by asked.slot
