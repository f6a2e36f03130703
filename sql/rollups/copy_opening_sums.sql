-- Takes what changes of the loans by cell and day of opening, added up, in COPY's text format.
copy opening_sum (cell_id, opened, loans, principal, ages, days, changes) from stdin
