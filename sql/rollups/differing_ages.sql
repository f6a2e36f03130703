-- Where what is kept of the loans reported by month on book differs from what was noted, in order, at most a number;
-- `difference` is what is kept too little, `total` how many there are.
-- $1 bigint most rows to give
select
    concat_ws(
        ', ',
        'grain ' || coalesce(grain::text, 'none'),
        'opened ' || coalesce(opened::text, 'none'),
        'cell_id ' || coalesce(cell_id::text, 'none'),
        'month_on_book ' || coalesce(month_on_book::text, 'none')
    ) as place,
    concat_ws(', ', 'loans ' || sum(loans)) as difference,
    count(*) over () as total
from age_change
group by grain, opened, cell_id, month_on_book
having sum(loans) <> 0
order by grain, opened, cell_id, month_on_book
limit $1
