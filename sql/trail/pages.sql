-- Pages of the inquiry log, newest first: for each slot the entries behind its place, as many as it asks for.
-- $1 date[] the first days of the windows
-- $2 date[] the days after their last
-- $3 text[] subject keys of each slot's person in hexadecimal digits, with commas; null: all persons
-- $4 text[] codes of the institutions that asked; null: all, and the association
-- $5 timestamptz[] the instants of the entries behind which pages begin; null: at the newest
-- $6 bigint[] the numbers of those entries
-- $7 integer[] how many entries each page has at the most
-- $8 text the platform's time zone, in which an entry falls on a day
-- -> LogRow
select
    asked.slot::integer as slot, l.id, l.lane, l.place, l.hash, l.logged_at, l.request, l.credential_id as credential, l.caller,
    l.institution, l.purpose, l.consent, l.document, l.subject_key, l.found
from unnest($1::date[], $2::date[], $3::text[], $4::text[], $5::timestamptz[], $6::bigint[], $7::integer[])
    with ordinality as asked (start_on, end_on, named, institution, before, before_id, most, slot)
cross join lateral (
    select array(
        select decode(one.key, 'hex') from unnest(string_to_array(asked.named, ',')) as one (key) order by one.key
    ) as keys
) as person
cross join lateral (
    (
        select
            id, lane, place, hash, logged_at, request, credential_id, caller, institution, purpose, consent, document,
            subject_key, borrower_id is not null as found
        from inquiry_log
        where asked.named is null
            and logged_at >= asked.start_on::timestamp at time zone $8
            and logged_at < asked.end_on::timestamp at time zone $8
            and (asked.institution is null or institution = asked.institution collate "C")
            and (asked.before is null or (logged_at, id) < (asked.before, asked.before_id))
        order by logged_at desc, id desc
        limit asked.most
    )
    union all
    (
        -- Under an earlier key of theirs, or by the loan that was asked for, too.
        select
            id, lane, place, hash, logged_at, request, credential_id, caller, institution, purpose, consent, document,
            subject_key, borrower_id is not null as found
        from inquiry_log
        where asked.named is not null
            and (
                subject_key = any (person.keys)
                or borrower_id in (select b.id from borrower b where b.subject_key = any (person.keys))
            )
            and logged_at >= asked.start_on::timestamp at time zone $8
            and logged_at < asked.end_on::timestamp at time zone $8
            and (asked.institution is null or institution = asked.institution collate "C")
            and (asked.before is null or (logged_at, id) < (asked.before, asked.before_id))
        order by logged_at desc, id desc
        limit asked.most
    )
) l
order by asked.slot, l.logged_at desc, l.id desc
