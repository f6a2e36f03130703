-- Waits until no other delivery is being merged, and keeps others waiting until this transaction ends.
-- $1 bigint the lock's number
select pg_advisory_xact_lock($1)
