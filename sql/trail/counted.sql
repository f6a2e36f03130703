-- How many entries the inquiry log has, for each slot: in its window, about its person, by its institution.
-- $1 date[] the first days of the windows
-- $2 date[] the days after their last
-- $3 text[] subject keys of each slot's person in hexadecimal digits, with commas; null: all persons
-- $4 text[] codes of the institutions that asked; null: all, and the association
-- $5 text the platform's time zone, in which an entry falls on a day
-- -> TotalRow
select asked.slot::integer as slot, known.total
from unnest($1::date[], $2::date[], $3::text[], $4::text[])
    with ordinality as asked (start_on, end_on, named, institution, slot)
cross join lateral (
    select array(
        select decode(one.key, 'hex') from unnest(string_to_array(asked.named, ',')) as one (key) order by one.key
    ) as keys
) as person
cross join lateral (
    select count(*) as total
    from inquiry_log
    where logged_at >= asked.start_on::timestamp at time zone $5
        and logged_at < asked.end_on::timestamp at time zone $5
        and (
            asked.named is null
            or subject_key = any (person.keys)
            or borrower_id in (select b.id from borrower b where b.subject_key = any (person.keys))
        )
        and (asked.institution is null or institution = asked.institution collate "C")
) as known
order by asked.slot
