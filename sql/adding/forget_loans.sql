-- Empties the table of the loans that were read.
truncate loan
