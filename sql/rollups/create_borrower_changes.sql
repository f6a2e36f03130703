-- Makes the temporary table of what changes of the borrowers of the months.
create temporary table borrower_change (
    month date,
    cells integer[],
    borrowers integer
) on commit drop
