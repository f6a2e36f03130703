-- Sign a browser out; gives when, and no row where it was not signed in.
-- $1 bytea SHA-256 of what its cookie holds
-- -> InstantRow
select ended.at from end_session($1) as ended (at) order by ended.at
