-- Pages of the deliveries, newest first: for each slot those before its number, as many as it asks for. Of one
-- institution are the deliveries whose rows are all its own.
-- $1 bigint[] the numbers before which pages begin
-- $2 integer[] how many rows each page has at the most
-- $3 text[] the code of the institution whose deliveries they are; null: all deliveries
-- -> DeliveryRow
select
    asked.slot::integer as slot, d.id, d.source, d.digest, d.state, d.started_at, d.loaded_at, d.seconds
from unnest($1::bigint[], $2::integer[], $3::text[]) with ordinality as asked (before, most, code, slot)
cross join lateral (
    select id, source, digest, state, started_at, loaded_at, seconds
    from delivery
    where id < asked.before
        and (
            asked.code is null
            or asked.code collate "C" = all (
                select institution.code
                from delivery_month
                join institution on institution.id = delivery_month.institution_id
                where delivery_month.delivery_id = delivery.id
            )
            and exists (select from delivery_month where delivery_month.delivery_id = delivery.id)
        )
    order by id desc
    limit asked.most
) d
order by asked.slot, d.id desc
