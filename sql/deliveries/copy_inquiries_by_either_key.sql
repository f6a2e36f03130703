-- Takes delivered inquiries in COPY's text format, each with both keys under which its person may be stored.
copy delivered_inquiry (
    place, institution, inquired_at, purpose, subject_key, other_key, documented
) from stdin
