-- Empties the temporary table of the touched loans.
truncate touched_loan
