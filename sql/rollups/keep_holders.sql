-- Adds what changed of the borrowers by number of lenders.
insert into portfolio_holder as kept (grain, since, lenders, institution_id, change, over_30)
select grain, since, lenders, institution_id, change, over_30
from holder_change
on conflict (grain, since, lenders, institution_id) do update
set change = kept.change + excluded.change,
    over_30 = kept.over_30 + excluded.over_30
