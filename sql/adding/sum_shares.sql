-- What changed of each institution's borrowers by number of lenders, by month.
select concat_ws(chr(9), month_of(slot_of(since)), lenders, institution_id, sum(change)) as line
from turn_change
where institution_id <> 0
group by slot_of(since), lenders, institution_id
having sum(change) <> 0
order by slot_of(since), lenders, institution_id
