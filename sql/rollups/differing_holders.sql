-- Where what is kept of the borrowers by number of lenders at months' ends differs from what was noted, in order, at most a number;
-- `difference` is what is kept too little, `total` how many there are.
-- $1 bigint most rows to give
select
    concat_ws(
        ', ',
        'month ' || coalesce(month::text, 'none'),
        portfolio_block_name(block_id),
        'lenders ' || coalesce(lenders::text, 'none')
    ) as place,
    concat_ws(', ', 'borrowers ' || sum(borrowers), 'over_30 ' || sum(over_30)) as difference,
    count(*) over () as total
from (
    select month, block_id, lenders, borrowers, over_30 from holder_sum
    union all
    select (k.month + n.later)::date, k.block_id, k.lenders, n.sign * k.borrowers, n.sign * k.over_30
    from portfolio_holder k
    cross join (values (interval '0', -1), (interval '1 month', 1)) as n (later, sign)
    where n.sign = -1 or k.month < (select max(month) from portfolio_holder)
) as compared
group by month, block_id, lenders
having sum(borrowers) <> 0 or sum(over_30) <> 0
order by month, block_id, lenders
limit $1
