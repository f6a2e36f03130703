-- Takes delivered loans in COPY's text format.
copy delivered_loan (
    place, institution, number, product, principal, opened_on, due_on, closed_on, state, reported_at, subject_key
) from stdin
