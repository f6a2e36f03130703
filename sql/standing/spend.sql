-- Take what callers have spent from their accounts, over all workers; gives what is left to each, by caller.
-- $1 text[] callers
-- $2 bigint[] what each has spent
-- $3 bigint[] what each may spend in a minute
-- -> SpendingRow
select spent.caller, spent.level from spend($1, $2, $3) as spent (caller, level) order by spent.caller
