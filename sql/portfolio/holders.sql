-- Borrowers of the whole market by number of lenders on asked days, by group, place of the day and lenders.
-- $1 integer[] the number of each asked day's group
-- $2 date[] the asked days; the first has place 1
-- $3 boolean whether to count the institutions
-- $4 text the code of the institution that asks; null where none does
-- -> LendersRow
with asked as (
    select
        slot, on_day, place::integer as place, date_trunc('month', on_day)::date as month,
        on_day = (date_trunc('month', on_day) + interval '1 month')::date - 1 as at_end
    from unnest($1::integer[], $2::date[]) with ordinality as a (slot, on_day, place)
),
-- The months' ends that count, each with its number, and what changes between one and the next; institution 0 is all.
ends as (
    select end_on, row_number() over (order by end_on) as number
    from (
        select distinct case when at_end then month else (month - interval '1 month')::date end as end_on from asked
    ) as a
),
monthly as (
    select
        width_bucket(since - 1, array(select end_on from ends order by end_on)) + 1 as number, lenders,
        coalesce(institution_id, 0) as institution_id, sum(change) as borrowers, sum(over_30) as over_30
    from portfolio_holder
    where grain = 'M' and since <= (select max(end_on) from ends) and ($3 or institution_id is null)
    group by 1, lenders, institution_id
),
standing_at_end as (
    select
        e.end_on, p.lenders, p.institution_id, sum(m.borrowers) over so_far as borrowers,
        sum(m.over_30) over so_far as over_30
    from (select distinct lenders, institution_id from monthly) p
    cross join ends e
    left join monthly m on m.number = e.number and m.lenders = p.lenders and m.institution_id = p.institution_id
    window so_far as (partition by p.lenders, p.institution_id order by e.number)
),
figure as (
    select a.slot, a.place, s.lenders, s.institution_id, s.borrowers, s.over_30
    from asked a
    join standing_at_end s on s.end_on = case when a.at_end then a.month else (a.month - interval '1 month')::date end
    where s.borrowers is not null
    union all
    -- Of a month that is cut, day by day.
    select a.slot, a.place, h.lenders, coalesce(h.institution_id, 0), h.change, h.over_30
    from asked a
    join portfolio_holder h on h.grain = 'D' and h.since >= a.month and h.since <= a.on_day
    where not a.at_end and ($3 or h.institution_id is null)
),
standing as (
    select slot, place, lenders, institution_id, sum(borrowers) as borrowers, sum(over_30) as over_30
    from figure
    group by slot, place, lenders, institution_id
),
asking as (
    select id from institution where code = $4
)
select
    slot, place, lenders,
    (sum(borrowers) filter (where institution_id = 0))::bigint as borrowers,
    (sum(over_30) filter (where institution_id = 0))::bigint as over_30,
    (
        sum(borrowers) filter (where institution_id = 0)
        - coalesce(sum(borrowers) filter (where institution_id = (select id from asking)), 0)
    )::bigint as others,
    (
        count(*) filter (
            where borrowers > 0 and institution_id <> 0 and institution_id is distinct from (select id from asking)
        )
    )::integer as institutions
from standing
group by slot, place, lenders
having sum(borrowers) filter (where institution_id = 0) > 0
order by slot, place, lenders
