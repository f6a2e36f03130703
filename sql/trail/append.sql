-- Appends the reads of persons of requests that wait together, all or none; gives of each request how many entries it made.
-- $1 text[] the requests' ids
-- $2 bigint[] the callers' credentials, null for none
-- $3 text[] the callers' names
-- $4 text[] the codes of the institutions that the callers belong to, null for none
-- $5 bytea[] SHA-256 of each document
-- $6 integer[] the version of the secret that each request's subject keys are of
-- $7 integer[] of each read the number of its request, from 1
-- $8 bytea[] subject keys, null where a loan is named
-- $9 bytea[] other subject keys under which the persons may be stored, null for none
-- $10 bigint[] loans, null where a person is named
-- $11 text[] purposes
-- $12 text[] references of consents, null for none
-- $13 boolean[] true where others count it, else null
-- $9, $10, $12 and $13 may be empty where all is null, $7 and $11 have one element where all reads have the same.
-- -> AppendedRow
select logged.entries
from unnest($1::text[], $2::bigint[], $3::text[], $4::text[], $5::bytea[], $6::integer[])
    with ordinality as asked (request, credential, caller, institution, document, version, number)
join (
    select
        coalesce(r.number, ($7::integer[])[1]) as number, array_agg(r.key order by r.slot) as keys,
        array_agg(r.other order by r.slot) as others, array_agg(r.loan order by r.slot) as loans,
        array_agg(coalesce(r.purpose, ($11::text[])[1]) order by r.slot) as purposes,
        array_agg(r.consent order by r.slot) as consents, array_agg(r.counts is true order by r.slot) as counting
    from unnest($7::integer[], $8::bytea[], $9::bytea[], $10::bigint[], $11::text[], $12::text[], $13::boolean[])
        with ordinality as r (number, key, other, loan, purpose, consent, counts, slot)
    group by 1
) reads on reads.number = asked.number
cross join lateral log_inquiries(
    asked.request, asked.credential, asked.caller, asked.institution, asked.document, reads.keys, reads.others,
    reads.loans, reads.purposes, reads.consents, reads.counting, asked.version
) as logged (entries)
order by asked.number
