-- Adds what changed of the borrowers of the months.
insert into portfolio_borrower as kept (month, cells, borrowers)
select month, cells, borrowers
from borrower_sum
order by month, cells
on conflict (month, cells) do update
set borrowers = kept.borrowers + excluded.borrowers
