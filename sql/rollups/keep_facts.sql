-- Adds what changed of the borrowers of blocks.
insert into portfolio_fact as kept (basis, block_id, month, borrowers)
select basis, block_id, month, borrowers
from fact_sum
order by basis, block_id, month
on conflict (basis, block_id, month) do update
set borrowers = kept.borrowers + excluded.borrowers
