-- The borrowers of these keys, a row for each slot whose borrower was known at its instant, in slot order.
-- $1 bytea[] subject keys
-- $2 timestamptz[] instants, null for now
-- -> BorrowerRow
select asked.slot::integer as slot, b.id, b.subject_key
from unnest($1::bytea[], $2::timestamptz[]) with ordinality as asked (subject_key, as_of, slot)
join borrower b on b.subject_key = asked.subject_key
where asked.as_of is null or b.known_since <= asked.as_of
order by asked.slot
