-- What changed of the loans by month of opening, by block, in the order of the rollup's key.
select concat_ws(chr(9), b.block_id, month_of(slot_of(c.opened)), sum(c.loans), sum(c.principal)) as line
from cohort_change c
join member b on b.cell_id = c.cell_id
group by b.block_id, slot_of(c.opened)
having sum(c.loans) <> 0 or sum(c.principal) <> 0
order by b.block_id, slot_of(c.opened)
