-- The next persons stored under keys of an earlier version of the secret, by id.
-- $1 bigint the last id seen
-- $2 integer the newest version
-- $3 bigint most rows to give
select id, subject_key
from borrower
where id > $1 and key_version < $2
order by id
limit $3
