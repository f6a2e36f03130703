-- How many borrowers and which institutions each asked month's groups have, in a set order, and how many of the borrowers
-- are the asking institution's own: of a month's groups that it is in, those with any of its loans of the product.
-- $1 text[] what the facts are of: REPORTED, MOVED or OPENED
-- $2 date[] the months
-- $3 text the code of the institution that asks; null where none does
-- -> FactRow
with asked as (
    select slot::integer, basis, case basis when 'OPENED' then basis else 'REPORTED' end as counted, month
    from unnest($1::text[], $2::date[]) with ordinality as a (basis, month, slot)
),
-- Its blocks: of all products, and of each; in its kind they are the same.
own as (
    select b.id as block_id, b.product, i.kind
    from institution i join portfolio_block b on b.institution_id = i.id
    where i.code = $3
)
select
    a.slot, b.institution_kind, b.product, coalesce(f.borrowers, 0) as borrowers, p.institutions,
    coalesce(s.borrowers, 0) as own_borrowers,
    case when exists (select from own) then (select id from institution where code = $3) end as own_institution
from asked a
join portfolio_presence p on p.basis = a.basis and p.month = a.month
join portfolio_block b on b.id = p.block_id
left join portfolio_fact f on f.basis = a.counted and f.block_id = p.block_id and f.month = a.month
left join own o
    on o.product is not distinct from b.product and (b.institution_kind is null or b.institution_kind = o.kind)
left join portfolio_fact s on s.basis = a.counted and s.block_id = o.block_id and s.month = a.month
order by a.slot, b.institution_kind nulls first, b.product nulls first
