-- Where what is kept of each institution's borrowers by number of lenders at months' ends differs from what was noted, in order, at most a number;
-- `difference` is what is kept too little, `total` how many there are.
-- $1 bigint most rows to give
select
    concat_ws(
        ', ',
        'month ' || coalesce(month::text, 'none'),
        'lenders ' || coalesce(lenders::text, 'none'),
        'institution_id ' || coalesce(institution_id::text, 'none')
    ) as place,
    concat_ws(', ', 'borrowers ' || sum(borrowers)) as difference,
    count(*) over () as total
from (
    select month, lenders, institution_id, borrowers from share_sum
    union all
    select (k.month + n.later)::date, k.lenders, k.institution_id, n.sign * k.borrowers
    from portfolio_share k
    cross join (values (interval '0', -1), (interval '1 month', 1)) as n (later, sign)
    where n.sign = -1 or k.month < (select max(month) from portfolio_holder)
) as compared
group by month, lenders, institution_id
having sum(borrowers) <> 0
order by month, lenders, institution_id
limit $1
