-- Adds up what changed of the loans by month of opening, by block.
insert into cohort_sum (block_id, opened, loans, principal)
select b.block_id, c.opened, sum(c.loans), sum(c.principal)
from (
    select cell_id, date_trunc('month', opened)::date as opened, sum(loans) as loans, sum(principal) as principal
    from cohort_change
    group by cell_id, date_trunc('month', opened)
) as c
join portfolio_member b on b.cell_id = c.cell_id
group by b.block_id, c.opened
having sum(c.loans) <> 0 or sum(c.principal) <> 0
