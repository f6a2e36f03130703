-- Adds up what changed of each institution's borrowers by number of lenders, by month.
insert into share_sum (month, lenders, institution_id, borrowers)
select date_trunc('month', since)::date, lenders, institution_id, sum(change)
from turn_change
where institution_id <> 0
group by date_trunc('month', since), lenders, institution_id
having sum(change) <> 0
