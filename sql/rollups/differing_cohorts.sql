-- Where what is kept of the cohorts differs from what was noted, in order, at most a number;
-- `difference` is what is kept too little, `total` how many there are.
-- $1 bigint most rows to give
select
    concat_ws(
        ', ',
        'grain ' || coalesce(grain::text, 'none'),
        'opened ' || coalesce(opened::text, 'none'),
        'cell_id ' || coalesce(cell_id::text, 'none')
    ) as place,
    concat_ws(', ', 'loans ' || sum(loans), 'principal ' || sum(principal)) as difference,
    count(*) over () as total
from cohort_change
group by grain, opened, cell_id
having sum(loans) <> 0 or sum(principal) <> 0
order by grain, opened, cell_id
limit $1
