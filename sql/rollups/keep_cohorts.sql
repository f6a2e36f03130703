-- Adds what changed of the cohorts.
insert into portfolio_cohort as kept (grain, opened, cell_id, loans, principal)
select grain, opened, cell_id, sum(loans), sum(principal)
from cohort_change
group by grain, opened, cell_id
having sum(loans) <> 0 or sum(principal) <> 0
on conflict (grain, opened, cell_id) do update
set loans = kept.loans + excluded.loans,
    principal = kept.principal + excluded.principal
