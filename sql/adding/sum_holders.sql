-- What changed of the borrowers by number of lenders, by block and month.
select concat_ws(chr(9), block_id, month_of(slot), lenders, sum(borrowers), sum(over_30), 0) as line
from (
    select b.block_id, c.slot, b.lenders, c.change as borrowers, 0 as over_30
    from (
        select slot, alive, sum(change) as change
        from state_change
        group by slot, alive
        having sum(change) <> 0
    ) as c
    join cell_set a on a.cells = c.alive
    join set_block b on b.number = a.number
    union all
    -- Few states have any: of these, the blocks in which they have loans alive and loans over 30 days.
    select b.block_id, c.slot, b.lenders, 0, c.change
    from state_change c
    join cell_set a on a.cells = c.alive
    join set_block b on b.number = a.number
    join cell_set o on o.cells = c.over_30
    join set_block l on l.number = o.number and l.block_id = b.block_id
    where c.over_30 <> []
) as standing
group by block_id, slot, lenders
having sum(borrowers) <> 0 or sum(over_30) <> 0
order by block_id, slot, lenders
