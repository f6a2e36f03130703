-- Where what is kept of the lenders of borrowers differs from what was noted, in order, at most a number;
-- `difference` is what is kept too little, `total` how many there are.
-- $1 bigint most rows to give
select
    concat_ws(
        ', ',
        'grain ' || coalesce(grain::text, 'none'),
        'since ' || coalesce(since::text, 'none'),
        'alive ' || coalesce(alive::text, 'none'),
        'over_30 ' || coalesce(over_30::text, 'none')
    ) as place,
    concat_ws(', ', 'change ' || sum(change)) as difference,
    count(*) over () as total
from lender_change
group by grain, since, alive, over_30
having sum(change) <> 0
order by grain, since, alive, over_30
limit $1
