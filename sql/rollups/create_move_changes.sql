-- Makes the temporary table of what changes of the moves between buckets, by cell.
create temporary table move_change (
    cell_id integer,
    month date,
    from_bucket smallint,
    to_bucket smallint,
    loans bigint
) on commit drop
