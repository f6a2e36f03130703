-- How many deliveries are noted, for each slot: all, or those whose rows are all of one institution.
-- $1 text[] the institutions' codes; null: all deliveries
-- -> TotalRow
select asked.slot::integer as slot, known.total
from unnest($1::text[]) with ordinality as asked (code, slot)
cross join lateral (
    select count(*) as total
    from delivery
    where asked.code is null
        or asked.code collate "C" = all (
            select institution.code
            from delivery_month
            join institution on institution.id = delivery_month.institution_id
            where delivery_month.delivery_id = delivery.id
        )
        and exists (select from delivery_month where delivery_month.delivery_id = delivery.id)
) as known
order by asked.slot
