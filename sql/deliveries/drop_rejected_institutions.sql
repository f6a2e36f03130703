-- Takes rejected rows out of the delivered institutions.
-- $1 bigint[] their places
delete from delivered_institution where place = any ($1::bigint[])
