-- The buckets of each group's points, by group, period and bucket; a period's month is the last with a population.
-- $1 date[] each group's first day
-- $2 date[] each group's day after the last
-- $3 text[] each group's period: month, quarter or year
-- $4 integer[] a group's number, once for each of its blocks
-- $5 integer[] the blocks' ids
-- $6 integer[] the number of a group of several blocks, once for each of its cells
-- $7 integer[] the cells' ids
-- -> DelinquencyRow
with asked as (
    select slot::integer, first, past, every
    from unnest($1::date[], $2::date[], $3::text[]) with ordinality as a (first, past, every, slot)
),
chosen as (
    select slot, block_id from unnest($4::integer[], $5::integer[]) as b (slot, block_id)
),
chosen_cell as (
    select slot, cell_id from unnest($6::integer[], $7::integer[]) as c (slot, cell_id)
),
figure as (
    select
        a.slot, date_trunc(a.every, m.month)::date as period, m.month, m.bucket, sum(m.loans) as loans,
        sum(m.balance) as balance, sum(m.overdue_amount) as overdue_amount
    from asked a
    join chosen c on c.slot = a.slot
    join portfolio_month m on m.block_id = c.block_id and m.month >= a.first and m.month < a.past
    group by a.slot, a.every, m.month, m.bucket
),
point as (
    select slot, max(month) as month from figure group by slot, period
),
-- The borrowers of a block are kept; those of other groups are found by the sets of cells that borrowers are in.
held as materialized (
    select b.month, b.cells, b.borrowers
    from (select distinct month from point where slot = any ($6)) p
    join portfolio_borrower b on b.month = p.month
),
-- Which sets have any of a group's cells: each found once, whatever the number of months it is in.
within as materialized (
    select distinct c.slot, s.cells
    from (select distinct cells from held) s
    cross join unnest(s.cells) as u (cell_id)
    join chosen_cell c on c.cell_id = u.cell_id
),
counted as materialized (
    select w.slot, h.month, sum(h.borrowers) as borrowers
    from held h
    join within w on w.cells = h.cells
    group by w.slot, h.month
    union all
    select p.slot, p.month, f.borrowers
    from point p
    join chosen c on c.slot = p.slot
    join portfolio_fact f on f.basis = 'REPORTED' and f.block_id = c.block_id and f.month = p.month
    where p.slot <> all ($6)
)
select
    f.slot, f.period, f.month, f.bucket::integer as bucket, f.loans::bigint as loans, f.balance::bigint as balance,
    f.overdue_amount::bigint as overdue_amount, n.borrowers::bigint as borrowers
from figure f
join point p on p.slot = f.slot and p.month = f.month
join counted n on n.slot = f.slot and n.month = f.month
order by f.slot, f.month, f.bucket
