-- Reads a part of what was taken in: the loans of every so many borrowers.
-- $1 bigint parts
-- $2 bigint which part, from 0
insert into loan
select
    borrower_id, loan_id, cell_id, institution_id, opened_on, closed_on, principal, whole, first, f, g, days, balance,
    overdue_amount
from taken
where borrower_id % $1 = $2
