-- Where what is kept of the months' populations differs from what was noted, in order, at most a number;
-- `difference` is what is kept too little, `total` how many there are.
-- $1 bigint most rows to give
select
    concat_ws(
        ', ',
        'month ' || coalesce(month::text, 'none'),
        portfolio_block_name(block_id),
        'bucket ' || coalesce(bucket::text, 'none')
    ) as place,
    concat_ws(', ', 'loans ' || sum(loans), 'balance ' || sum(balance), 'overdue_amount ' || sum(overdue_amount)) as difference,
    count(*) over () as total
from (
    select month, block_id, bucket, loans, balance, overdue_amount from month_sum
    union all
    select month, block_id, bucket, -loans, -balance, -overdue_amount from portfolio_month
) as compared
group by month, block_id, bucket
having sum(loans) <> 0 or sum(balance) <> 0 or sum(overdue_amount) <> 0
order by month, block_id, bucket
limit $1
