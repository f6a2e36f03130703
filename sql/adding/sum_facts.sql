-- What changed of the borrowers of blocks, in the order of the rollup's key.
select concat_ws(chr(9), c.basis, b.block_id, month_of(c.slot), sum(c.borrowers)) as line
from (
    select 'REPORTED' as basis, slot, cells, borrowers from borrower_change
    union all
    select 'OPENED', slot, cells, borrowers from opener_change
) as c
join cell_set s on s.cells = c.cells
join set_block b on b.number = s.number
group by c.basis, b.block_id, c.slot
having sum(c.borrowers) <> 0
order by c.basis, b.block_id, c.slot
