-- Takes what is kept of the borrowers by number of lenders from what was noted.
insert into holder_change (grain, since, lenders, institution_id, change, over_30)
select grain, since, lenders, institution_id, -change, -over_30
from portfolio_holder
