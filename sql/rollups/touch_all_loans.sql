-- Finds all loans of the touched borrowers.
insert into touched_loan (loan_id)
select loan.id
from touched_borrower as touched
join loan on loan.borrower_id = touched.borrower_id
