-- Sign a browser in; gives until when, and no row where the credential does not count any more.
-- $1 bytea SHA-256 of what its cookie holds
-- $2 bigint the credential
-- -> InstantRow
select opened.at from open_session($1, $2) as opened (at) order by opened.at
