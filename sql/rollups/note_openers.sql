-- Notes what the touched borrowers add to the borrowers who opened loans, or take away.
-- $1 integer 1 to add, -1 to take away
insert into opener_change (month, cells, borrowers)
select c.month, c.cells, $1::integer * c.borrowers
from openers_contribution() as c
