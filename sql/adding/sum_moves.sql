-- What changed of the moves between buckets, by block, in the order of the rollup's key.
select
    concat_ws(
        chr(9), b.block_id, month_of(c.slot), c.from_bucket, coalesce(c.to_bucket::varchar, '\N'), sum(c.loans)
    ) as line
from move_change c
join member b on b.cell_id = c.cell_id
group by b.block_id, c.slot, c.from_bucket, c.to_bucket
having sum(c.loans) <> 0
order by b.block_id, c.slot, c.from_bucket, c.to_bucket
