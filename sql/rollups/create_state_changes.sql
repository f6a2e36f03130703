-- Makes the temporary table of what changes of the cells in which borrowers have loans alive, and loans over 30 days, at months' ends.
create temporary table state_change (
    month date,
    alive integer[],
    over_30 integer[],
    change integer
) on commit drop
