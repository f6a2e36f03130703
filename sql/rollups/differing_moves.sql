-- Where what is kept of the moves between buckets differs from what was noted, in order, at most a number;
-- `difference` is what is kept too little, `total` how many there are.
-- $1 bigint most rows to give
select
    concat_ws(
        ', ',
        'month ' || coalesce(month::text, 'none'),
        portfolio_block_name(block_id),
        'from_bucket ' || coalesce(from_bucket::text, 'none'),
        'to_bucket ' || coalesce(to_bucket::text, 'none')
    ) as place,
    concat_ws(', ', 'loans ' || sum(loans)) as difference,
    count(*) over () as total
from (
    select month, block_id, from_bucket, to_bucket, loans from move_sum
    union all
    select month, block_id, from_bucket, to_bucket, -loans from portfolio_move
) as compared
group by month, block_id, from_bucket, to_bucket
having sum(loans) <> 0
order by month, block_id, from_bucket, to_bucket
limit $1
