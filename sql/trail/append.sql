-- Appends one request's reads of persons to the inquiry log; gives how many entries that made.
-- $1 text the request's id
-- $2 bigint the caller's credential, null for none
-- $3 text the caller's name
-- $4 text the code of the institution that the caller belongs to, null for none
-- $5 bytea SHA-256 of the document
-- $6 bytea[] subject keys, null where a loan is named
-- $7 bigint[] loans, null where a person is named
-- $8 text[] purposes
-- $9 text[] references of consents, null for none
-- $10 integer[] 1 where others count it, else 0
-- -> AppendedRow
select logged.entries
from log_inquiries($1, $2, $3, $4, $5, $6, $7, $8, $9, $10::integer[]::boolean[]) as logged (entries)
order by logged.entries
