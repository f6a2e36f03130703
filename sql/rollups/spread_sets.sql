-- Finds the blocks of each numbered set.
insert into set_block (number, block_id, lenders)
select s.number, b.block_id, count(distinct c.institution_id)
from cell_set s
cross join unnest(s.cells) as u (cell_id)
join portfolio_cell c on c.id = u.cell_id
join portfolio_member b on b.cell_id = c.id
group by s.number, b.block_id
