-- Finds the borrowers of a span of ids.
-- $1 bigint first id
-- $2 bigint last id
insert into touched_borrower (borrower_id)
select id from borrower where id between $1 and $2
