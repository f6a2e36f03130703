-- Takes delivered loans in COPY's text format, each with both keys under which its person may be stored.
copy delivered_loan (
    place, institution, number, product, principal, opened_on, due_on, closed_on, state, reported_at, subject_key,
    other_key, documented
) from stdin
