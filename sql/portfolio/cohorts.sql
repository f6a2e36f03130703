-- Each group's loans by month of opening, of the days within its window, by group and month.
-- $1 date[] each group's first day
-- $2 date[] each group's day after the last
-- $3 integer[] a group's number, once for each of its cells
-- $4 integer[] the cells' ids
-- -> CohortRow
with asked as (
    select
        slot::integer, first, past, 
        date_trunc('month', first + interval '1 month' - interval '1 day')::date as whole_from,
        date_trunc('month', past)::date as whole_past
    from unnest($1::date[], $2::date[]) with ordinality as a (first, past, slot)
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
        and k.opened >= a.first and k.opened < a.past
        and case k.grain
            when 'M' then k.opened + interval '1 month' <= a.past
            else k.opened < a.whole_from or k.opened >= a.whole_past
        end
group by a.slot, date_trunc('month', k.opened)
order by a.slot, month
