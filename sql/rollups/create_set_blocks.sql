-- Makes the temporary table of the blocks that each set has cells of, with how many institutions.
create temporary table set_block (number integer not null, block_id integer not null, lenders integer not null)
on commit drop
