-- Adds what changed of the loans reported by month on book.
insert into portfolio_age as kept (grain, opened, cell_id, month_on_book, loans)
select grain, opened, cell_id, month_on_book, sum(loans)
from age_change
group by grain, opened, cell_id, month_on_book
having sum(loans) <> 0
order by grain, cell_id, opened, month_on_book
on conflict (grain, opened, cell_id, month_on_book) do update
set loans = kept.loans + excluded.loans
