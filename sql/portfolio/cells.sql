-- Every cell of the market: an institution's loans of a product, and the six blocks that it belongs to; by id.
-- -> CellRow
select
    c.id, c.institution_id, i.code as institution_code, c.institution_kind, c.product,
    array_agg(m.block_id order by m.block_id) as blocks
from portfolio_cell c
join institution i on i.id = c.institution_id
join portfolio_member m on m.cell_id = c.id
group by c.id, i.id
order by c.id
