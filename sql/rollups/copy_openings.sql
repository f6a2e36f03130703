-- Takes what there is of the loans by cell and day of opening, where there was nothing, in COPY's text format.
copy portfolio_opening (cell_id, opened, loans, principal, ages, days, changes) from stdin
