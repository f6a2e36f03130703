-- Takes what changes of the borrowers of the months, added up, in COPY's text format.
copy borrower_sum (month, cells, borrowers) from stdin
