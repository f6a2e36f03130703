-- Pages of the institutions: for each slot those after its code, by code, as many as it asks for.
-- $1 text[] the codes after which pages begin, empty for the first page
-- $2 integer[] how many rows each page has at the most
-- $3 text[] the code of the only institution that is listed; null: all are
-- -> InstitutionRow
select asked.slot::integer as slot, i.id, i.code, i.name, i.kind
from unnest($1::text[], $2::integer[], $3::text[]) with ordinality as asked (after, most, only_code, slot)
cross join lateral (
    select id, code, name, kind
    from institution
    where code > asked.after collate "C" and (asked.only_code is null or code = asked.only_code)
    order by code
    limit asked.most
) i
order by asked.slot, i.code
