-- Begins a version of the secret.
-- $1 integer the version
-- $2 bytea its mark
-- $3 boolean whether keys of no other count
insert into secret_version (version, mark, sole_since)
values ($1, $2, case when $3 then now() end)
