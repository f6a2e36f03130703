-- Makes the temporary table of the sets of cells that what changed is of, each with a number.
create temporary table cell_set (number integer not null, cells integer[] not null) on commit drop
