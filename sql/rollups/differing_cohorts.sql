-- Where what is kept of the cohorts differs from what was noted, in order, at most a number;
-- `difference` is what is kept too little, `total` how many there are.
-- $1 bigint most rows to give
select
    concat_ws(
        ', ',
        'opened ' || coalesce(opened::text, 'none'),
        portfolio_block_name(block_id)
    ) as place,
    concat_ws(', ', 'loans ' || sum(loans), 'principal ' || sum(principal)) as difference,
    count(*) over () as total
from (
    select opened, block_id, loans, principal from cohort_sum
    union all
    select opened, block_id, -loans, -principal from portfolio_cohort
) as compared
group by opened, block_id
having sum(loans) <> 0 or sum(principal) <> 0
order by opened, block_id
limit $1
