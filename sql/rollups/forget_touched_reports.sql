-- Empties the temporary tables of what was read of the touched borrowers.
truncate touched_loan, touched_report, touched_arrear
