-- Adds what changed of the lenders of borrowers.
insert into portfolio_lender as kept (grain, since, alive, over_30, change)
select grain, since, alive, over_30, sum(change)
from lender_change
group by grain, since, alive, over_30
having sum(change) <> 0
on conflict (grain, since, alive, over_30) do update
set change = kept.change + excluded.change
