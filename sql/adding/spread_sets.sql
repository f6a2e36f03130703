-- Finds the blocks of each numbered set, with how many institutions the set has there.
insert into set_block
select s.number, b.block_id, count(distinct c.institution_id)
from (select number, unnest(cells) as cell_id from cell_set) as s
join cell c on c.id = s.cell_id
join member b on b.cell_id = c.id
group by s.number, b.block_id
