-- Borrowers by number of lenders on asked days, by group, place of the day and lenders.
-- $1 integer[] the number of each asked day's group
-- $2 date[] the asked days; the first has place 1
-- $3 boolean whether to count the institutions
-- $4 text the code of the institution that asks; null where none does
-- $5 integer[] a group's number, once for each of its cells
-- $6 integer[] the cells' ids
-- -> LendersRow
with chosen as (
    select c.slot, c.cell_id, p.institution_id
    from unnest($5::integer[], $6::integer[]) as c (slot, cell_id)
    join portfolio_cell p on p.id = c.cell_id
),
asking as (
    select id from institution where code = $4
),
asked as (
    select
        slot, on_day, place::integer as place, date_trunc('month', on_day)::date as month,
        on_day = (date_trunc('month', on_day) + interval '1 month')::date - 1 as at_end
    from unnest($1::integer[], $2::date[]) with ordinality as a (slot, on_day, place)
),
-- What changed up to the end of whole months, and then, of a month that is cut, day by day.
change as (
    select l.grain, l.since, l.alive, l.over_30, l.change
    from portfolio_lender l
    where l.grain = 'M' and l.since <= (select max(month) from asked)
    union all
    select l.grain, l.since, l.alive, l.over_30, l.change
    from (select distinct month from asked where not at_end) a
    join portfolio_lender l on l.grain = 'D' and l.since >= a.month and l.since < a.month + interval '1 month'
),
alive as (
    select
        c.slot, s.alive, count(distinct c.institution_id) as lenders,
        array_agg(distinct c.institution_id) as institutions
    from (select distinct alive from change) s
    cross join unnest(s.alive) as u (cell_id)
    join chosen c on c.cell_id = u.cell_id
    group by c.slot, s.alive
),
late as (
    select distinct c.slot, s.over_30
    from (select distinct over_30 from change) s
    cross join unnest(s.over_30) as u (cell_id)
    join chosen c on c.cell_id = u.cell_id
),
-- Of all borrowers where the institution is null, else of those of whose lenders it is one.
figure as (
    select
        a.slot, g.grain, g.since, a.lenders, i.institution_id, sum(g.change) as borrowers,
        coalesce(sum(g.change) filter (where l.slot is not null), 0) as over_30
    from change g
    join alive a on a.alive = g.alive
    cross join unnest(case when $3 then array_append(a.institutions, null) else '{null}' end) as i (institution_id)
    left join late l on l.slot = a.slot and l.over_30 = g.over_30
    group by a.slot, g.grain, g.since, a.lenders, i.institution_id
),
standing as (
    select
        a.slot, a.place, f.lenders, f.institution_id, sum(f.borrowers) as borrowers, sum(f.over_30) as over_30
    from asked a
    join figure f
        on f.slot = a.slot
            and case f.grain
                when 'M' then f.since < a.month or (a.at_end and f.since = a.month)
                else not a.at_end and f.since >= a.month and f.since <= a.on_day
            end
    group by a.slot, a.place, f.lenders, f.institution_id
)
select
    slot, place, lenders::integer as lenders,
    (sum(borrowers) filter (where institution_id is null))::bigint as borrowers,
    (sum(over_30) filter (where institution_id is null))::bigint as over_30,
    (
        sum(borrowers) filter (where institution_id is null)
        - coalesce(sum(borrowers) filter (where institution_id = (select id from asking)), 0)
    )::bigint as others,
    (
        count(institution_id) filter (where borrowers > 0 and institution_id is distinct from (select id from asking))
    )::integer as institutions
from standing
group by slot, place, lenders
having sum(borrowers) filter (where institution_id is null) > 0
order by slot, place, lenders
