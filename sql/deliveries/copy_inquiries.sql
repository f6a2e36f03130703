-- Takes delivered inquiries in COPY's text format.
copy delivered_inquiry (place, institution, inquired_at, purpose, subject_key) from stdin
