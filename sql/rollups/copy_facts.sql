-- Takes what there is of the borrowers of blocks, where there was nothing, in COPY's text format.
copy portfolio_fact (basis, block_id, month, borrowers) from stdin
