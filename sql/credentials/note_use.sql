-- Note when credentials were last used; gives those whose note changed.
-- $1 bigint[] credentials
-- $2 timestamptz[] when each was used
-- -> NotedRow
select noted.id from note_use($1, $2) as noted (id) order by noted.id
