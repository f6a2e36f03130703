-- Adds what changed of the whole market's borrowers by number of lenders: the days that change are taken out and put in
-- again.
with former as (
    delete from portfolio_turn as kept
    using turn_sum as changed
    where kept.since = changed.since
    returning kept.since, kept.lenders, kept.institutions, kept.changes, kept.over_30
),
added as (
    select since, lenders, institution_id, sum(change) as change, sum(over_30) as over_30
    from (
        select f.since, u.lenders, u.institution_id, u.change, u.over_30
        from former f
        cross join unnest(f.lenders, f.institutions, f.changes, f.over_30) as u (lenders, institution_id, change, over_30)
        union all
        select s.since, u.lenders, u.institution_id, u.change, u.over_30
        from turn_sum s
        cross join unnest(s.lenders, s.institutions, s.changes, s.over_30) as u (lenders, institution_id, change, over_30)
    ) as t
    group by since, lenders, institution_id
    having sum(change) <> 0 or sum(over_30) <> 0
)
insert into portfolio_turn (since, lenders, institutions, changes, over_30)
select
    since, array_agg(lenders order by lenders, institution_id), array_agg(institution_id order by lenders, institution_id),
    array_agg(change order by lenders, institution_id), array_agg(over_30 order by lenders, institution_id)
from added
group by since
