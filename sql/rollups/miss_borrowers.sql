-- Takes what is kept of the borrowers of the months from what was noted.
insert into borrower_change (month, cells, borrowers)
select month, cells, -borrowers
from portfolio_borrower
