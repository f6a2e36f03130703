-- Where what is kept of the borrowers by number of lenders differs from what was noted, in order, at most a number;
-- `difference` is what is kept too little, `total` how many there are.
-- $1 bigint most rows to give
select
    concat_ws(
        ', ', 'grain ' || grain::text, 'since ' || since, 'lenders ' || lenders,
        'institution_id ' || coalesce(institution_id::text, 'none')
    ) as place,
    concat_ws(', ', 'change ' || sum(change), 'over_30 ' || sum(over_30)) as difference,
    count(*) over () as total
from holder_change
group by grain, since, lenders, institution_id
having sum(change) <> 0 or sum(over_30) <> 0
order by grain, since, lenders, institution_id
limit $1
