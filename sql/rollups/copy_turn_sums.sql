-- Takes what changes of the whole market's borrowers by number of lenders, by day, added up, in COPY's text format.
copy turn_sum (since, lenders, institutions, changes, over_30) from stdin
