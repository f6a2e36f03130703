-- Each group's cohorts at their months on book: how many more loans than at the one before are reported, and have days
-- past due over a number for the most they ever had; by group, period and month on book.
-- $1 date[] each group's first day
-- $2 date[] each group's day after the last
-- $3 text[] each group's period: month, quarter or year
-- $4 integer[] each group's number of days
-- $5 integer[] a group's number, once for each of its blocks
-- $6 integer[] the blocks' ids
-- -> AgeRow
with question as (
    select
        slot::integer, first, past, every, days, days % 30 = 0 and days between 0 and 180 as is_bound,
        date_trunc('month', first + interval '1 month' - interval '1 day')::date as whole_from,
        date_trunc('month', past)::date as whole_past
    from unnest($1::date[], $2::date[], $3::text[], $4::integer[]) with ordinality as a (first, past, every, days, slot)
),
-- Where the number bounds a bucket, whole months are read as such, the days before and after them one by one; else all
-- days are.
asked as (
    select q.slot, q.every, q.days, r.by_month, r.since, r.until
    from question q
    cross join lateral (
        values
            (q.is_bound, true, q.whole_from, q.whole_past),
            (q.is_bound, false, q.first, least(q.whole_from, q.past)),
            (q.is_bound, false, greatest(q.whole_from, q.whole_past), q.past),
            (not q.is_bound, false, q.first, q.past)
    ) as r (fits, by_month, since, until)
    where r.fits and r.since < r.until
),
chosen as (
    select slot, block_id from unnest($5::integer[], $6::integer[]) as b (slot, block_id)
),
aged as (
    select
        a.slot, a.every, k.opened, k.month_on_book, case when k.step < 0 then k.change else 0 end as reported,
        case when k.step > a.days / 30 then k.change else 0 end as risen
    from asked a
    join chosen c on c.slot = a.slot
    join portfolio_aging k on k.block_id = c.block_id and k.opened >= a.since and k.opened < a.until
    where a.by_month
    union all
    select
        a.slot, a.every, o.opened, u.age, case when u.days < 0 then u.change else 0 end,
        case when u.days > a.days then u.change else 0 end
    from asked a
    join chosen c on c.slot = a.slot
    join portfolio_member m on m.block_id = c.block_id
    join portfolio_opening o on o.cell_id = m.cell_id and o.opened >= a.since and o.opened < a.until
    cross join unnest(o.ages, o.days, o.changes) as u (age, days, change)
    where not a.by_month
)
select
    slot, date_trunc(every, opened)::date as period, month_on_book::integer as month_on_book,
    sum(reported)::bigint as reported, sum(risen)::bigint as risen
from aged
group by slot, date_trunc(every, opened), month_on_book
order by slot, period, month_on_book
