-- Appends one request's reads of persons to the inquiry log; gives how many entries that made.
-- $1 text the request's id
-- $2 bigint the caller's credential, null for none
-- $3 text the caller's name
-- $4 text the code of the institution that the caller belongs to, null for none
-- $5 bytea SHA-256 of the document
-- $6 bytea[] subject keys, null where a loan is named
-- $7 bytea[] other subject keys under which the persons may be stored, null for none
-- $8 bigint[] loans, null where a person is named
-- $9 text[] purposes
-- $10 text[] references of consents, null for none
-- $11 integer[] 1 where others count it, else 0
-- $12 integer the version of the secret that the subject keys are of
-- -> AppendedRow
select logged.entries
from log_inquiries($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11::integer[]::boolean[], $12) as logged (entries)
order by logged.entries
