-- Reads the reports of the touched months and of the month before and after each span, as they are now: once for all
-- that is added up from them.
-- $1 date first touched month
-- $2 date last touched month
insert into touched_report (
    borrower_id, loan_id, cell_id, opened_on, month, days_past_due, balance, overdue_amount, touched, begins
)
select
    l.borrower_id, l.id, c.id, l.opened_on, r.month, r.days_past_due, r.balance, r.overdue_amount,
    r.month between t.first and t.last, r.month <= t.last
from touched_span t
join loan l on l.borrower_id = t.borrower_id
join repayment r
    on r.loan_id = l.id
    and r.month between t.first - 31 and t.last + 31
    and r.month between $1::date - 31 and $2::date + 31
join portfolio_cell c on c.institution_id = l.institution_id and c.product = l.product
