-- Notes what the touched borrowers add to the loans by day of opening and take away.
insert into cohort_change (cell_id, opened, loans, principal)
select cell_id, opened_on, sum(sign), sum(sign * principal)
from touched_loan
group by cell_id, opened_on
having sum(sign) <> 0 or sum(sign * principal) <> 0
