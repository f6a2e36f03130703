-- Takes what changes of the borrowers of blocks, added up, in COPY's text format.
copy fact_sum (basis, block_id, month, borrowers) from stdin
