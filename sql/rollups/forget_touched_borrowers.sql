-- Empties the temporary table of the touched borrowers.
delete from touched_borrower
