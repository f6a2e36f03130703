-- Takes what changes of the borrowers by number of lenders, at months' ends, added up, in COPY's text format.
copy holder_sum (block_id, month, lenders, borrowers, over_30, institutions) from stdin
