-- Keep a new credential; gives its number, and no row where there is no such institution.
-- $1 text prefix
-- $2 bytea SHA-256 of the key
-- $3 text name
-- $4 text role
-- $5 text the institution's code; null for the association's
-- $6 text[] purposes
-- $7 text default purpose
-- $8 timestamptz expiry
-- $9 bigint the credential that it replaces
-- $10 bigint the most that one request may cost; null: what the settings say
-- $11 bigint the most that its requests may cost in a minute; null: what the settings say
-- $12 integer the most requests at once; null: what the settings say
insert into credential (
    prefix, digest, name, role, institution_id, purposes, default_purpose, expires_at, replaces, cost, cost_per_minute,
    concurrent_requests
)
select $1, $2, $3, $4, member.id, $6, $7, $8, $9, $10, $11, $12
from (select $5::text as code) as asked
left join institution as member on member.code = asked.code
where asked.code is null or member.id is not null
returning id
