-- Reads all reports with days past due of the touched borrowers' loans from the rows themselves.
-- $1 date first reported month
-- $2 date last reported month
insert into touched_arrear (sign, borrower_id, loan_id, cell_id, institution_id, opened_on, month, days_past_due)
select l.sign, l.borrower_id, l.loan_id, l.cell_id, l.institution_id, l.opened_on, r.month, r.days_past_due
from touched_loan l
join repayment r on r.loan_id = l.loan_id and r.month between $1 and $2 and r.days_past_due > 0
