-- Takes what there is of the borrowers of the months, where there was nothing, in COPY's text format.
copy portfolio_borrower (month, cells, borrowers) from stdin
