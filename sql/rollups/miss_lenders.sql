-- Takes what is kept of the lenders of borrowers from what was noted.
insert into lender_change (grain, since, alive, over_30, change)
select grain, since, alive, over_30, -change
from portfolio_lender
