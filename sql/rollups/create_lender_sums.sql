-- Adds up what was noted of the lenders of borrowers, once for all that is made of it.
create temporary table lender_sum on commit drop as
select grain, since, alive, over_30, sum(change)::bigint as change
from lender_change
group by grain, since, alive, over_30
having sum(change) <> 0
