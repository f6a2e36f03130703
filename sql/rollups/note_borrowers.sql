-- Notes what the touched borrowers add to the borrowers of the months, or take away.
-- $1 integer 1 to add, -1 to take away
-- $2 date first touched month
-- $3 date last touched month
insert into borrower_change (month, cells, borrowers)
select c.month, c.cells, $1::integer * c.borrowers
from borrowers_contribution($2, $3) as c
