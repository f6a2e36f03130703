-- How many entries the inquiry log has, for each slot: in its window, about its person, by its institution.
-- $1 date[] the first days of the windows
-- $2 date[] the days after their last
-- $3 bytea[] subject keys of the persons that were read; null: all
-- $4 text[] codes of the institutions that asked; null: all, and the association
-- $5 text the platform's time zone, in which an entry falls on a day
-- -> TotalRow
select asked.slot::integer as slot, known.total
from unnest($1::date[], $2::date[], $3::bytea[], $4::text[])
    with ordinality as asked (start_on, end_on, subject_key, institution, slot)
cross join lateral (
    select count(*) as total
    from inquiry_log
    where logged_at >= asked.start_on::timestamp at time zone $5
        and logged_at < asked.end_on::timestamp at time zone $5
        and (asked.subject_key is null or subject_key = asked.subject_key)
        and (asked.institution is null or institution = asked.institution collate "C")
) as known
order by asked.slot
