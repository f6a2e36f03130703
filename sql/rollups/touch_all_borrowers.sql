-- Finds the borrowers of a span of ids, from the beginning on and with all months.
-- $1 bigint first id
-- $2 bigint last id
-- $3 date first month
-- $4 date last month
insert into touched_borrower (borrower_id, since, first_slot, last_slot)
select id, '0001-01-01', series_slot($3), series_slot($4) from borrower where id between $1 and $2
