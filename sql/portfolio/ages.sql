-- Each group's cohorts at their months on book: loans reported, and loans whose days past due rose over a number for the
-- first time; by group, period and month on book.
-- $1 date[] each group's first day
-- $2 date[] each group's day after the last
-- $3 text[] each group's period: month, quarter or year
-- $4 integer[] each group's number of days
-- $5 integer[] a group's number, once for each of its cells
-- $6 integer[] the cells' ids
-- -> AgeRow
with question as (
    select
        slot::integer, first, past, every, days, 
        date_trunc('month', first + interval '1 month' - interval '1 day')::date as whole_from,
        date_trunc('month', past)::date as whole_past
    from unnest($1::date[], $2::date[], $3::text[], $4::integer[]) with ordinality as a (first, past, every, days, slot)
),
-- Whole months are read as such, the days before and after them one by one.
asked as (
    select q.slot, q.every, q.days, r.grain, r.since, r.until
    from question q
    cross join lateral (
        values
            ('M'::"char", q.whole_from, q.whole_past),
            ('D', q.first, least(q.whole_from, q.past)),
            ('D', greatest(q.whole_from, q.whole_past), q.past)
    ) as r (grain, since, until)
    where r.since < r.until
),
chosen as (
    select slot, cell_id from unnest($5::integer[], $6::integer[]) as c (slot, cell_id)
),
aged as (
    select a.slot, a.every, k.opened, k.month_on_book, k.loans as reported, 0 as risen
    from asked a
    join chosen c on c.slot = a.slot
    join portfolio_age k
        on k.cell_id = c.cell_id
            and k.grain = a.grain
            and k.opened >= a.since
            and k.opened < a.until
    union all
    select a.slot, a.every, k.opened, k.month_on_book, 0, k.change
    from asked a
    join chosen c on c.slot = a.slot
    join portfolio_rise k
        on k.cell_id = c.cell_id
            and k.days_past_due > a.days
            and k.grain = a.grain
            and k.opened >= a.since
            and k.opened < a.until
)
select
    slot, date_trunc(every, opened)::date as period, month_on_book, sum(reported)::bigint as reported,
    sum(risen)::bigint as risen
from aged
group by slot, date_trunc(every, opened), month_on_book
order by slot, period, month_on_book
