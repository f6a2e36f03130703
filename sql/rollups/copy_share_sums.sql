-- Takes what changes of each institution's borrowers by number of lenders, added up, in COPY's text format.
copy share_sum (month, lenders, institution_id, borrowers) from stdin
