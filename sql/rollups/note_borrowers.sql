-- Notes what the touched borrowers add to the borrowers of the months, or take away.
-- $1 integer 1 to add, -1 to take away
insert into borrower_change (month, cells, borrowers)
select c.month, c.cells, $1::integer * c.borrowers
from borrowers_contribution() as c
