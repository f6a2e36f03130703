-- Makes the temporary table of what changes of what cohorts are like at their months on book, by cell and day of opening.
create temporary table opening_change (
    cell_id integer,
    opened date,
    age smallint,
    days integer,
    change integer
) on commit drop
