-- Notes what the noted changes of the lenders of borrowers are by number of lenders, and by institution of theirs.
insert into holder_change (grain, since, lenders, institution_id, change, over_30)
with changed as (
    select
        grain, since, alive, sum(change) as change,
        coalesce(sum(change) filter (where over_30 <> '{}'), 0) as over_30
    from lender_sum
    group by grain, since, alive
),
held as (
    select s.alive, array_agg(distinct c.institution_id) as institutions
    from (select distinct alive from changed) s
    cross join unnest(s.alive) as u (cell_id)
    join portfolio_cell c on c.id = u.cell_id
    group by s.alive
)
select k.grain, k.since, cardinality(h.institutions), i.institution_id, sum(k.change), sum(k.over_30)
from changed k
join held h on h.alive = k.alive
cross join unnest(array_append(h.institutions, null)) as i (institution_id)
group by k.grain, k.since, cardinality(h.institutions), i.institution_id
having sum(k.change) <> 0 or sum(k.over_30) <> 0
