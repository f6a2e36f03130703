-- Adds what changed of the borrowers who opened loans.
insert into portfolio_opener as kept (month, cells, borrowers)
select month, cells, sum(borrowers)
from opener_change
group by month, cells
having sum(borrowers) <> 0
order by month, cells
on conflict (month, cells) do update
set borrowers = kept.borrowers + excluded.borrowers
