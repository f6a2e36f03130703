-- Takes what is kept of the loans reported by month on book from what was noted.
insert into age_change (grain, opened, cell_id, month_on_book, loans)
select grain, opened, cell_id, month_on_book, -loans
from portfolio_age
