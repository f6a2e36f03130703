-- Empties the table of the arrears that were read.
truncate arrear
