-- Notes a delivery that was read, and gives its number.
-- $1 text its source
-- $2 bytea the digest of its files
-- $3 text what became of it
-- $4 timestamptz when the load began
-- $5 float8 seconds that it took
insert into delivery (source, digest, state, started_at, loaded_at, seconds)
values ($1, $2, $3, $4::timestamptz, $4::timestamptz + make_interval(secs => $5::double precision), $5)
returning id
