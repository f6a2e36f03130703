-- Adds the blocks that cells belong to and that are not known yet.
insert into portfolio_block (institution_kind, product, institution_id)
select b.institution_kind, p.product, b.institution_id
from portfolio_cell c
cross join lateral (values (null, null), (c.institution_kind, null), (null, c.institution_id))
    as b (institution_kind, institution_id)
cross join lateral (values (null), (c.product)) as p (product)
group by b.institution_kind, p.product, b.institution_id
having not exists (
    select
    from portfolio_block k
    where k.institution_kind is not distinct from b.institution_kind
        and k.product is not distinct from p.product
        and k.institution_id is not distinct from b.institution_id
)
order by b.institution_kind nulls first, p.product nulls first, b.institution_id nulls first
