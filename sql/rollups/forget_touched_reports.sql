-- Empties the temporary table of the reports of the touched months.
truncate touched_report
