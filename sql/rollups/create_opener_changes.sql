-- Makes the temporary table of what changes of the borrowers who opened loans.
create temporary table opener_change (
    month date,
    cells integer[],
    borrowers integer
) on commit drop
