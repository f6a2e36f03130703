-- Where what is kept of the loans by day of opening differs from what was noted, in order, at most a number;
-- `difference` is what is kept too little, `total` how many there are.
-- $1 bigint most rows to give
select
    concat_ws(
        ', ',
        'opened ' || coalesce(opened::text, 'none'),
        'cell_id ' || coalesce(cell_id::text, 'none'),
        'age ' || coalesce(age::text, 'none'),
        'days ' || coalesce(days::text, 'none')
    ) as place,
    concat_ws(', ', 'loans ' || sum(loans), 'principal ' || sum(principal), 'change ' || sum(change)) as difference,
    count(*) over () as total
from (
    select s.opened, s.cell_id, u.age, u.days, 0 as loans, 0 as principal, u.change
    from opening_sum s cross join unnest(s.ages, s.days, s.changes) as u (age, days, change)
    union all
    select opened, cell_id, null, null, loans, principal, 0 from opening_sum
    union all
    select k.opened, k.cell_id, u.age, u.days, 0, 0, -u.change
    from portfolio_opening k cross join unnest(k.ages, k.days, k.changes) as u (age, days, change)
    union all
    select opened, cell_id, null, null, -loans, -principal, 0 from portfolio_opening
) as compared
group by opened, cell_id, age, days
having sum(loans) <> 0 or sum(principal) <> 0 or sum(change) <> 0
order by opened, cell_id, age, days
limit $1
