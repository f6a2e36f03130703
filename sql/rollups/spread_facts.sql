-- Adds up what changed of the borrowers of blocks.
insert into fact_sum (basis, block_id, month, borrowers)
select c.basis, b.block_id, c.month, sum(c.borrowers)
from (
    select 'REPORTED' as basis, month, cells, borrowers from borrower_change
    union all
    select 'OPENED', month, cells, borrowers from opener_change
) as c
join cell_set s on s.cells = c.cells
join set_block b on b.number = s.number
group by c.basis, b.block_id, c.month
having sum(c.borrowers) <> 0
