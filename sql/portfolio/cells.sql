-- Every cell of the market: an institution's loans of a product; by id.
-- -> CellRow
select c.id, c.institution_id, i.code as institution_code, i.kind as institution_kind, c.product
from portfolio_cell c
join institution i on i.id = c.institution_id
order by c.id
