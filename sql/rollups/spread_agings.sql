-- Adds up what changed of what cohorts are like at their months on book, by block, month of opening and bucket.
insert into aging_sum (block_id, opened, month_on_book, step, change)
select b.block_id, c.opened, c.age, c.step, sum(c.change)
from (
    select
        cell_id, date_trunc('month', opened)::date as opened, age,
        case when days < 0 then -1 else portfolio_bucket(days) end as step, sum(change) as change
    from opening_change
    group by cell_id, date_trunc('month', opened), age, case when days < 0 then -1 else portfolio_bucket(days) end
    having sum(change) <> 0
) as c
join portfolio_member b on b.cell_id = c.cell_id
group by b.block_id, c.opened, c.age, c.step
having sum(c.change) <> 0
