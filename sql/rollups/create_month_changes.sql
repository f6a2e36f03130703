-- Makes the temporary table of what changes of the months' populations, by cell.
create temporary table month_change (
    cell_id integer,
    month date,
    bucket smallint,
    loans bigint,
    balance numeric,
    overdue_amount numeric
) on commit drop
