-- Adds what changed of the borrowers who opened loans.
insert into portfolio_opener as kept (month, cells, borrowers)
select month, cells, borrowers
from opener_sum
order by month, cells
on conflict (month, cells) do update
set borrowers = kept.borrowers + excluded.borrowers
