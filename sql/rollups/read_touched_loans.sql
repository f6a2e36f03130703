-- Reads the touched borrowers' loans, as they are now.
-- $1 integer 1 to add them, -1 to take them away
insert into touched_loan (sign, borrower_id, loan_id, cell_id, institution_id, opened_on, closed_on, principal)
select $1::integer, l.borrower_id, l.id, c.id, l.institution_id, l.opened_on, l.closed_on, l.principal
from touched_borrower t
join loan l on l.borrower_id = t.borrower_id
join portfolio_cell c on c.institution_id = l.institution_id and c.product = l.product
