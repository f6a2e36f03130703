-- Pages of the deliveries, newest first: for each slot those before its number, as many as it asks for.
-- $1 bigint[] the numbers before which pages begin
-- $2 integer[] how many rows each page has at the most
-- -> DeliveryRow
select
    asked.slot::integer as slot, d.id, d.source, d.digest, d.state, d.started_at, d.loaded_at, d.seconds
from unnest($1::bigint[], $2::integer[]) with ordinality as asked (before, most, slot)
cross join lateral (
    select id, source, digest, state, started_at, loaded_at, seconds
    from delivery
    where id < asked.before
    order by id desc
    limit asked.most
) d
order by asked.slot, d.id desc
