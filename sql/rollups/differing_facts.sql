-- Where what is kept of the borrowers of blocks differs from what was noted, in order, at most a number;
-- `difference` is what is kept too little, `total` how many there are.
-- $1 bigint most rows to give
select
    concat_ws(
        ', ',
        'basis ' || coalesce(basis::text, 'none'),
        'month ' || coalesce(month::text, 'none'),
        portfolio_block_name(block_id)
    ) as place,
    concat_ws(', ', 'borrowers ' || sum(borrowers)) as difference,
    count(*) over () as total
from (
    select basis, month, block_id, borrowers from fact_sum
    union all
    select basis, month, block_id, -borrowers from portfolio_fact
) as compared
group by basis, month, block_id
having sum(borrowers) <> 0
order by basis, month, block_id
limit $1
