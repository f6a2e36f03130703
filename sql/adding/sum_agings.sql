-- What changed of what cohorts are like at their months on book, by block, month of opening and bucket, in the order of the
-- rollup's key.
select concat_ws(chr(9), b.block_id, month_of(c.slot), c.age, c.step, sum(c.change)) as line
from (
    select
        cell_id, slot_of(opened) as slot, age, case when days < 0 then -1 else bucket_of(days) end as step,
        sum(change) as change
    from opening_change
    group by cell_id, slot, age, step
    having sum(change) <> 0
) as c
join member b on b.cell_id = c.cell_id
group by b.block_id, c.slot, c.age, c.step
having sum(c.change) <> 0
order by b.block_id, c.slot, c.age, c.step
