-- Takes what is kept of the borrowers who opened loans from what was noted.
insert into opener_change (month, cells, borrowers)
select month, cells, -borrowers
from portfolio_opener
