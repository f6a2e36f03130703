-- Each group's loans by month of opening, of the days within its window, by group and month.
-- $1 date[] each group's first day
-- $2 date[] each group's day after the last
-- $3 integer[] a group's number, once for each of its blocks
-- $4 integer[] the blocks' ids
-- -> CohortRow
with asked as (
    select
        slot::integer, first, past,
        date_trunc('month', first + interval '1 month' - interval '1 day')::date as whole_from,
        date_trunc('month', past)::date as whole_past
    from unnest($1::date[], $2::date[]) with ordinality as a (first, past, slot)
),
chosen as (
    select slot, block_id from unnest($3::integer[], $4::integer[]) as b (slot, block_id)
),
-- Whole months are read as such, the days before and after them one by one.
edge as (
    select q.slot, r.since, r.until
    from asked q
    cross join lateral (
        values (q.first, least(q.whole_from, q.past)), (greatest(q.whole_from, q.whole_past), q.past)
    ) as r (since, until)
    where r.since < r.until
),
opened as (
    select a.slot, k.opened as month, k.loans, k.principal
    from asked a
    join chosen c on c.slot = a.slot
    join portfolio_cohort k
        on k.block_id = c.block_id and k.opened >= a.whole_from and k.opened < a.whole_past
    union all
    select e.slot, date_trunc('month', o.opened)::date, o.loans, o.principal
    from edge e
    join chosen c on c.slot = e.slot
    join portfolio_member m on m.block_id = c.block_id
    join portfolio_opening o on o.cell_id = m.cell_id and o.opened >= e.since and o.opened < e.until
)
select slot, month, sum(loans)::bigint as loans, sum(principal)::bigint as principal
from opened
group by slot, month
order by slot, month
