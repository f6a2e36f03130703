-- Empties the table of what was taken in.
truncate taken
