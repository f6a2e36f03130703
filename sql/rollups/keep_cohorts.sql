-- Adds what changed of the loans by month of opening.
insert into portfolio_cohort as kept (block_id, opened, loans, principal)
select block_id, opened, loans, principal
from cohort_sum
order by block_id, opened
on conflict (block_id, opened) do update
set loans = kept.loans + excluded.loans,
    principal = kept.principal + excluded.principal
