-- Each group's loans by month of opening, of the days within its window, by group and month.
-- $1 date[] each group's first day
-- $2 date[] each group's day after the last
-- $3 integer[] a group's number, once for each of its cells
-- $4 integer[] the cells' ids
-- -> CohortRow
with question as (
    select
        slot::integer, first, past,
        date_trunc('month', first + interval '1 month' - interval '1 day')::date as whole_from,
        date_trunc('month', past)::date as whole_past
    from unnest($1::date[], $2::date[]) with ordinality as a (first, past, slot)
),
-- Whole months are read as such, the days before and after them one by one.
asked as (
    select q.slot, r.grain, r.since, r.until
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
    select slot, cell_id from unnest($3::integer[], $4::integer[]) as c (slot, cell_id)
)
select
    a.slot, date_trunc('month', k.opened)::date as month, sum(k.loans)::bigint as loans,
    sum(k.principal)::bigint as principal
from asked a
join chosen c on c.slot = a.slot
join portfolio_cohort k
    on k.cell_id = c.cell_id
        and k.grain = a.grain
        and k.opened >= a.since
        and k.opened < a.until
group by a.slot, date_trunc('month', k.opened)
order by a.slot, month
