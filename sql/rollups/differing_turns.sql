-- Where what is kept of the whole market's borrowers by number of lenders, by day differs from what was noted, in order, at most a number;
-- `difference` is what is kept too little, `total` how many there are.
-- $1 bigint most rows to give
select
    concat_ws(
        ', ',
        'since ' || coalesce(since::text, 'none'),
        'lenders ' || coalesce(lenders::text, 'none'),
        'institution_id ' || coalesce(institution_id::text, 'none')
    ) as place,
    concat_ws(', ', 'change ' || sum(change), 'over_30 ' || sum(over_30)) as difference,
    count(*) over () as total
from (
    select s.since, u.lenders, u.institution_id, u.change, u.over_30
    from turn_sum s
    cross join unnest(s.lenders, s.institutions, s.changes, s.over_30) as u (lenders, institution_id, change, over_30)
    union all
    select k.since, u.lenders, u.institution_id, -u.change, -u.over_30
    from portfolio_turn k
    cross join unnest(k.lenders, k.institutions, k.changes, k.over_30) as u (lenders, institution_id, change, over_30)
) as compared
group by since, lenders, institution_id
having sum(change) <> 0 or sum(over_30) <> 0
order by since, lenders, institution_id
limit $1
