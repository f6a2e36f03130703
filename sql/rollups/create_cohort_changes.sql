-- Makes the temporary table of what changes of the loans by cell and day of opening.
create temporary table cohort_change (
    cell_id integer,
    opened date,
    loans bigint,
    principal numeric
) on commit drop
