-- Empties the table of the reports that were read.
truncate report
