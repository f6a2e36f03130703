-- Notes what the touched borrowers add to the loans by day of opening.
-- $1 integer 1 to add them, -1 to take them away
insert into cohort_change
select cell_id, opened_on, $1::integer * count(*), $1 * sum(principal)
from loan
where whole
group by cell_id, opened_on
