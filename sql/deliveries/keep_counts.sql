-- Notes what became of a delivery's rows of one kind of file.
-- $1 bigint the delivery
-- $2 text kind of file
-- $3 bigint rows read
-- $4 bigint added
-- $5 bigint corrected
-- $6 bigint older
-- $7 bigint unchanged
-- $8 bigint rejected
-- $9 bigint withheld, in a delivery that is refused
-- $10 bigint warned
insert into delivery_count (delivery_id, kind, read, added, corrected, older, unchanged, rejected, withheld, warned)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
