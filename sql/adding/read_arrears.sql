-- Reads all reports with days past due of the borrowers whose loans may change out of the loans' series.
insert into arrear
select borrower_id, loan_id, cell_id, institution_id, opened_on, slot, days, changes
from (
    select
        borrower_id, loan_id, cell_id, institution_id, opened_on, changes,
        unnest(generate_series(first, first + len(days) - 1)) as slot, unnest(days) as days
    from loan
    where whole and list_max(days) > 0
) as unpacked
where days > 0
