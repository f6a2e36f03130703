-- Takes delivered institutions in COPY's text format.
copy delivered_institution (place, code, name, kind) from stdin
