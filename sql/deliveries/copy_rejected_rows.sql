-- Takes the rejected rows' raw text in COPY's text format.
copy rejected_row (place, raw) from stdin
