-- The borrowers of these keys, stored under either of two, a row for each slot whose borrower was known at its instant,
-- in slot order, with the horizon known then.
-- $1 bytea[] subject keys
-- $2 bytea[] the same persons' other subject keys, null for none; it counts where nobody is stored under the first
-- $3 timestamptz[] instants, null for now
-- -> BorrowerRow
with known as materialized (
    select
        asked.as_of,
        (
            select (m.month + interval '1 month')::date
            from reported_month m
            where asked.as_of is null or m.first_reported_at <= asked.as_of
            order by m.month desc
            limit 1
        ) as horizon
    from (select distinct as_of from unnest($3::timestamptz[]) as_of) asked
)
select asked.slot::integer as slot, b.id, b.subject_key, known.horizon
from unnest($1::bytea[], $2::bytea[], $3::timestamptz[]) with ordinality as asked (subject_key, other, as_of, slot)
left join borrower named on named.subject_key = asked.subject_key
left join borrower former on former.subject_key = asked.other
join borrower b on b.id = coalesce(named.id, former.id)
join known on known.as_of is not distinct from asked.as_of
where asked.as_of is null or b.known_since <= asked.as_of
order by asked.slot
