-- The horizon known at each instant, a row a slot; null where no month was reported by then.
-- $1 timestamptz[] instants, null for now
-- -> HorizonRow
select
    asked.slot::integer as slot,
    (
        select (m.month + interval '1 month')::date
        from reported_month m
        where asked.as_of is null or m.first_reported_at <= asked.as_of
        order by m.month desc
        limit 1
    ) as horizon
from unnest($1::timestamptz[]) with ordinality as asked (as_of, slot)
order by asked.slot
