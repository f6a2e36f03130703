-- Borrowers of groups that are no block, or on days within a month, by number of lenders on asked days, by group, place of
-- the day and lenders: counted from the groups' loans and their series. Only who may see all of a group is answered.
-- $1 integer[] the number of each asked day's group
-- $2 date[] the asked days; the first has place 1
-- $3 integer[] a group's number, once for each of its cells
-- $4 integer[] the cells' ids
-- -> LendersRow
with asked as (
    select slot, on_day, place::integer as place, series_slot(on_day) as month
    from unnest($1::integer[], $2::date[]) with ordinality as a (slot, on_day, place)
),
held as materialized (
    select c.slot, l.id, l.borrower_id, l.institution_id, l.opened_on, l.closed_on
    from unnest($3::integer[], $4::integer[]) as c (slot, cell_id)
    join portfolio_cell p on p.id = c.cell_id
    join loan l on l.institution_id = p.institution_id and l.product = p.product
    where l.opened_on <= (select max(on_day) from asked)
),
-- The months over 30 days of the few loans that ever were.
arrear as materialized (
    select distinct h.slot, h.borrower_id, series_slot(s.first_month) + u.place - 1 as month
    from held h
    join loan_series s on s.loan_id = h.id and 30 < any (s.days_past_due)
    cross join unnest(s.days_past_due) with ordinality as u (days, place)
    where u.days > 30
),
-- Grouped rather than joined: what a join of the two gives is thought far too little.
standing as (
    select slot, place, borrower_id, count(distinct institution_id) as lenders, bool_or(institution_id is null) as late
    from (
        select a.slot, a.place, h.borrower_id, h.institution_id
        from asked a
        join held h on h.slot = a.slot and h.opened_on <= a.on_day and (h.closed_on is null or a.on_day <= h.closed_on)
        union all
        select a.slot, a.place, r.borrower_id, null
        from asked a
        join arrear r on r.slot = a.slot and r.month = a.month
    ) as found
    group by slot, place, borrower_id
)
select
    slot, place, lenders::integer as lenders, count(*) as borrowers, count(*) filter (where late) as over_30,
    count(*) as others, 0 as institutions
from standing
where lenders > 0
group by slot, place, lenders
order by slot, place, lenders
