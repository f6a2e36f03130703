-- Reads all reports with days past due, out of their series, of the loans that may change and of the borrowers whose lenders
-- may.
insert into arrear
select borrower_id, loan_id, cell_id, institution_id, opened_on, slot, days, changes, whole
from (
    select
        borrower_id, loan_id, cell_id, institution_id, opened_on, changes, whole,
        unnest(generate_series(first, first + len(days) - 1)) as slot, unnest(days) as days
    from loan
    where (whole or changes) and list_max(days) > 0
) as unpacked
where days > 0
