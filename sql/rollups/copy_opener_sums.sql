-- Takes what changes of the borrowers who opened loans, added up, in COPY's text format.
copy opener_sum (month, cells, borrowers) from stdin
