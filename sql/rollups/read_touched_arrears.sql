-- Reads all reports with days past due of the touched borrowers from the packed series, as they are now.
-- $1 integer 1 to add them, -1 to take them away
insert into touched_arrear (sign, borrower_id, loan_id, cell_id, institution_id, opened_on, month, days_past_due)
select
    l.sign, l.borrower_id, l.loan_id, l.cell_id, l.institution_id, l.opened_on,
    (s.first_month + make_interval(months => u.place::integer - 1))::date, u.days
from touched_loan l
join loan_series s on s.loan_id = l.loan_id
cross join lateral unnest(s.days_past_due) with ordinality as u (days, place)
where l.sign = $1::integer and 0 < any (s.days_past_due) and u.days > 0
