-- Empties the temporary table of the touched months.
delete from touched_span
