-- Where what is kept of the borrowers of the months differs from what was noted, in order, at most a number;
-- `difference` is what is kept too little, `total` how many there are.
-- $1 bigint most rows to give
select
    concat_ws(
        ', ',
        'month ' || coalesce(month::text, 'none'),
        'cells ' || coalesce(cells::text, 'none')
    ) as place,
    concat_ws(', ', 'borrowers ' || sum(borrowers)) as difference,
    count(*) over () as total
from (
    select month, cells, borrowers from borrower_sum
    union all
    select month, cells, -borrowers from portfolio_borrower
) as compared
group by month, cells
having sum(borrowers) <> 0
order by month, cells
limit $1
