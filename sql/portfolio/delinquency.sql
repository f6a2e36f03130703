-- The buckets of each group's points, by group, period and bucket; a period's month is the last with a population.
-- $1 date[] each group's first day
-- $2 date[] each group's day after the last
-- $3 text[] each group's period: month, quarter or year
-- $4 integer[] a group's number, once for each of its cells
-- $5 integer[] the cells' ids
-- $6 boolean[] whether each group is all of the market's loans of a kind and a product
-- $7 text[] that kind; null: of every kind
-- $8 text[] that product; null: of every product
-- -> DelinquencyRow
with asked as (
    select slot::integer, first, past, every, is_block, institution_kind, product
    from unnest($1::date[], $2::date[], $3::text[], $6::boolean[], $7::text[], $8::text[])
        with ordinality as a (first, past, every, is_block, institution_kind, product, slot)
),
chosen as (
    select slot, cell_id from unnest($4::integer[], $5::integer[]) as c (slot, cell_id)
),
figure as (
    select
        a.slot, date_trunc(a.every, m.month)::date as period, m.month, m.bucket, sum(m.loans) as loans,
        sum(m.balance) as balance, sum(m.overdue_amount) as overdue_amount
    from asked a
    join chosen c on c.slot = a.slot
    join portfolio_month m on m.cell_id = c.cell_id and m.month >= a.first and m.month < a.past
    group by a.slot, a.every, m.month, m.bucket
),
point as (
    select slot, max(month) as month from figure group by slot, period
),
-- The borrowers of whole blocks are kept; those of other groups are found by the sets of cells that borrowers are in.
held as materialized (
    select b.month, b.cells, b.borrowers
    from (select distinct p.month from point p join asked a on a.slot = p.slot where not a.is_block) p
    join portfolio_borrower b on b.month = p.month
),
-- Which sets have any of a group's cells: each found once, whatever the number of months it is in.
within as materialized (
    select distinct c.slot, s.cells
    from (select distinct cells from held) s
    cross join unnest(s.cells) as u (cell_id)
    join chosen c on c.cell_id = u.cell_id
    join asked a on a.slot = c.slot and not a.is_block
),
counted as materialized (
    select w.slot, h.month, sum(h.borrowers) as borrowers
    from held h
    join within w on w.cells = h.cells
    group by w.slot, h.month
    union all
    select p.slot, p.month, f.borrowers
    from point p
    join asked a on a.slot = p.slot and a.is_block
    join portfolio_fact f
        on f.basis = 'REPORTED'
        and f.month = p.month
        and f.institution_kind is not distinct from a.institution_kind
        and f.product is not distinct from a.product
)
select
    f.slot, f.period, f.month, f.bucket::integer as bucket, f.loans::bigint as loans, f.balance::bigint as balance,
    f.overdue_amount::bigint as overdue_amount, n.borrowers::bigint as borrowers
from figure f
join point p on p.slot = f.slot and p.month = f.month
join counted n on n.slot = f.slot and n.month = f.month
order by f.slot, f.month, f.bucket
