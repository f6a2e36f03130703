-- Where what is kept of the moves between buckets differs from what was noted, in order, at most a number;
-- `difference` is what is kept too little, `total` how many there are.
-- $1 bigint most rows to give
select
    concat_ws(
        ', ',
        'month ' || coalesce(month::text, 'none'),
        'cell_id ' || coalesce(cell_id::text, 'none'),
        'from_bucket ' || coalesce(from_bucket::text, 'none'),
        'to_bucket ' || coalesce(to_bucket::text, 'none')
    ) as place,
    concat_ws(', ', 'loans ' || sum(loans)) as difference,
    count(*) over () as total
from move_change
group by month, cell_id, from_bucket, to_bucket
having sum(loans) <> 0
order by month, cell_id, from_bucket, to_bucket
limit $1
