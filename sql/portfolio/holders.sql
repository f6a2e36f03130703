-- Borrowers of blocks by number of lenders on asked days, months' last ones or, of the whole market, any; by group, place
-- of the day and lenders.
-- $1 integer[] the number of each asked day's group
-- $2 date[] the asked days; the first has place 1
-- $3 integer[] the block that the group is
-- $4 text the code of the institution that asks; null where none does
-- -> LendersRow
with asked as (
    select
        slot, on_day, place::integer as place, block_id, date_trunc('month', on_day)::date as month,
        on_day = (date_trunc('month', on_day) + interval '1 month')::date - 1 as at_end,
        (select max(month) from portfolio_holder where block_id = portfolio_market()) as last
    from unnest($1::integer[], $2::date[], $3::integer[]) with ordinality as a (slot, on_day, block_id, place)
),
asking as (
    select id from institution where code = $4
),
-- Of a month that is cut, what stood at the end of the one before, and what changed since then day by day.
moved as (
    select a.slot, a.place, h.lenders, 0 as institution_id, h.borrowers, h.over_30
    from asked a
    join portfolio_holder h
        on h.block_id = a.block_id and h.month = least((a.month - interval '1 month')::date, a.last)
    where not a.at_end
    union all
    select a.slot, a.place, s.lenders, s.institution_id, s.borrowers, 0
    from asked a
    join portfolio_share s on s.month = least((a.month - interval '1 month')::date, a.last)
    where not a.at_end
    union all
    select a.slot, a.place, u.lenders, u.institution_id, u.change, u.over_30
    from asked a
    join portfolio_turn t on t.since >= a.month and t.since <= a.on_day
    cross join unnest(t.lenders, t.institutions, t.changes, t.over_30) as u (lenders, institution_id, change, over_30)
    where not a.at_end
),
standing as (
    select slot, place, lenders, institution_id, sum(borrowers) as borrowers, sum(over_30) as over_30
    from moved
    group by slot, place, lenders, institution_id
),
figure as (
    select
        a.slot, a.place, h.lenders, h.borrowers, h.over_30, h.institutions, coalesce(s.borrowers, 0) as own
    from asked a
    join portfolio_holder h on h.block_id = a.block_id and h.month = least(a.month, a.last)
    left join portfolio_share s
        on s.month = h.month and s.lenders = h.lenders and s.institution_id = (select id from asking)
    where a.at_end
    union all
    select
        slot, place, lenders, sum(borrowers) filter (where institution_id = 0),
        sum(over_30) filter (where institution_id = 0), count(*) filter (where institution_id <> 0 and borrowers > 0),
        coalesce(sum(borrowers) filter (where institution_id = (select id from asking)), 0)
    from standing
    group by slot, place, lenders
)
select
    slot, place, lenders, borrowers::bigint as borrowers, over_30::bigint as over_30,
    (borrowers - own)::bigint as others, (institutions - case when own > 0 then 1 else 0 end)::integer as institutions
from figure
where borrowers > 0
order by slot, place, lenders
