-- Adds which blocks cells belong to, where that is not known yet.
insert into portfolio_member (cell_id, block_id)
select c.id, b.id
from portfolio_cell c
join portfolio_block b
    on coalesce(b.institution_kind, c.institution_kind) = c.institution_kind
    and coalesce(b.product, c.product) = c.product
    and coalesce(b.institution_id, c.institution_id) = c.institution_id
on conflict (cell_id, block_id) do nothing
