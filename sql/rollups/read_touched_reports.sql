-- Reads the reports of the touched months, as they are now: once for all that is added up from them.
-- $1 date first touched month
-- $2 date last touched month
insert into touched_report (borrower_id, cell_id, opened_on, month, days_past_due, balance, overdue_amount)
select l.borrower_id, c.id, l.opened_on, r.month, r.days_past_due, r.balance, r.overdue_amount
from touched_month t
join loan l on l.borrower_id = t.borrower_id
join repayment r on r.loan_id = l.id and r.month = t.month and r.month between $1 and $2
join portfolio_cell c on c.institution_id = l.institution_id and c.product = l.product
