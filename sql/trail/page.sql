-- A page of the inquiry log, newest first.
-- $1 timestamptz from this instant on
-- $2 timestamptz before this instant
-- $3 bytea about this person alone, null for all
-- $4 text asked by this institution alone, null for all
-- $5 timestamptz and older than the entry of this instant
-- $6 bigint and this number
-- $7 integer at most so many
-- -> LogRow
select
    l.id, l.logged_at, l.request, l.credential_id, l.caller, l.institution, l.purpose, l.consent, l.document,
    l.subject_key, l.borrower_id is not null as found
from inquiry_log l
where l.logged_at >= $1 and l.logged_at < $2
    and ($3::bytea is null or l.subject_key = $3)
    and ($4::text is null or l.institution = $4)
    and (l.logged_at, l.id) < ($5::timestamptz, $6::bigint)
order by l.logged_at desc, l.id desc
limit $7
