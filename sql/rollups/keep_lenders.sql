-- Adds what changed of the lenders of borrowers.
insert into portfolio_lender as kept (grain, since, alive, over_30, change)
select grain, since, alive, over_30, change
from lender_sum
on conflict (grain, since, alive, over_30) do update
set change = kept.change + excluded.change
