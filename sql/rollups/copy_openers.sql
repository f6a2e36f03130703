-- Takes what there is of the borrowers who opened loans, where there was nothing, in COPY's text format.
copy portfolio_opener (month, cells, borrowers) from stdin
