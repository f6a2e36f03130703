-- Whether no other delivery is being merged; if so, keeps others waiting until this transaction ends.
-- $1 bigint the lock's number
select pg_try_advisory_xact_lock($1) as locked
