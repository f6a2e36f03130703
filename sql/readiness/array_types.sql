-- One row that tells nothing: to prepare this is to look up the array types that other statements take.
-- $1 bigint[] any
-- $2 integer[] any
-- $3 date[] any
-- $4 timestamptz[] any
-- $5 text[] any
-- $6 bytea[] any
-- $7 timestamp[] any
-- $8 boolean[] any
-- -> SizesRow
select
    cardinality($1::bigint[]) as numbers,
    cardinality($2::integer[]) as small_numbers,
    cardinality($3::date[]) as days,
    cardinality($4::timestamptz[]) as instants,
    cardinality($5::text[]) as texts,
    cardinality($6::bytea[]) as keys,
    cardinality($7::timestamp[]) as clocks,
    cardinality($8::boolean[]) as flags
order by numbers
