-- Makes the temporary table of what changes of the whole market's borrowers by number of lenders, by day and institution; 0 is all.
create temporary table turn_change (
    since date,
    lenders integer,
    institution_id integer,
    change integer,
    over_30 integer
) on commit drop
