-- Where what is kept of what cohorts are like at their months on book differs from what was noted, in order, at most a number;
-- `difference` is what is kept too little, `total` how many there are.
-- $1 bigint most rows to give
select
    concat_ws(
        ', ',
        'opened ' || coalesce(opened::text, 'none'),
        portfolio_block_name(block_id),
        'month_on_book ' || coalesce(month_on_book::text, 'none'),
        'step ' || coalesce(step::text, 'none')
    ) as place,
    concat_ws(', ', 'change ' || sum(change)) as difference,
    count(*) over () as total
from (
    select opened, block_id, month_on_book, step, change from aging_sum
    union all
    select opened, block_id, month_on_book, step, -change from portfolio_aging
) as compared
group by opened, block_id, month_on_book, step
having sum(change) <> 0
order by opened, block_id, month_on_book, step
limit $1
