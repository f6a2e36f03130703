-- What changed of the months' populations, by block, in the order of the rollup's key.
select
    concat_ws(
        chr(9), b.block_id, month_of(c.slot), c.bucket, sum(c.loans), sum(c.balance), sum(c.overdue_amount)
    ) as line
from month_change c
join member b on b.cell_id = c.cell_id
group by b.block_id, c.slot, c.bucket
having sum(c.loans) <> 0 or sum(c.balance) <> 0 or sum(c.overdue_amount) <> 0
order by b.block_id, c.slot, c.bucket
