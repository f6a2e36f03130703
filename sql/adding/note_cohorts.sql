-- Notes what the touched borrowers add to the loans by day of opening.
insert into cohort_change
select cell_id, opened_on, sum(sign(borrower_id)), sum(sign(borrower_id) * principal)
from loan
where whole and changes
group by cell_id, opened_on
