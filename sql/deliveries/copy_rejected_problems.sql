-- Takes what is wrong with rejected rows or files in COPY's text format.
copy rejected_problem (number, place, column_name, rule, got, allowed, kind, institution, month) from stdin
