-- How many borrowers and which institutions each asked month's groups have, in a set order, and how many of the borrowers
-- may be the asking institution's own: of a month's groups that it is in, those with any of its loans of the product.
-- $1 text[] what the facts are of: REPORTED, MOVED or OPENED
-- $2 date[] the months
-- $3 text the code of the institution that asks; null where none does
-- -> FactRow
with asked as (
    select slot::integer, basis, month from unnest($1::text[], $2::date[]) with ordinality as a (basis, month, slot)
),
own_cell as (
    select c.id, i.id as institution_id, i.kind, c.product
    from institution i
    join portfolio_cell c on c.institution_id = i.id
    where i.code = $3
),
own_group as (
    select k.institution_kind, c.product, array_agg(c.id) as cells
    from own_cell c
    cross join lateral (values (null), (c.kind)) as k (institution_kind)
    group by grouping sets ((k.institution_kind), (k.institution_kind, c.product))
),
own as (
    select h.slot, g.institution_kind, g.product, sum(h.borrowers) as borrowers
    from own_group g
    join (
        select a.slot, b.cells, b.borrowers
        from asked a join portfolio_borrower b on a.basis <> 'OPENED' and b.month = a.month
        union all
        select a.slot, o.cells, o.borrowers
        from asked a join portfolio_opener o on a.basis = 'OPENED' and o.month = a.month
    ) h on h.cells && g.cells
    group by h.slot, g.institution_kind, g.product
)
select
    a.slot, f.institution_kind, f.product, f.borrowers, f.institutions,
    coalesce(o.borrowers, 0)::bigint as own_borrowers,
    (select min(institution_id) from own_cell) as own_institution
from asked a
join portfolio_fact f on f.basis = a.basis and f.month = a.month
left join own o
    on o.slot = a.slot
    and o.institution_kind is not distinct from f.institution_kind
    and o.product is not distinct from f.product
order by a.slot, f.institution_kind nulls first, f.product nulls first
