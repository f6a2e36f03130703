-- Lets this transaction wait for a lock for so long and no longer; no row is read.
-- $1 text the longest time, with its unit
select set_config('lock_timeout', $1, true)
