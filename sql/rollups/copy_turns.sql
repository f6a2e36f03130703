-- Takes what there is of the whole market's borrowers by number of lenders, by day, where there was nothing, in COPY's text format.
copy portfolio_turn (since, lenders, institutions, changes, over_30) from stdin
