-- Takes delivered repayments in COPY's text format.
copy delivered_repayment (
    place, institution, loan, month, due, paid, balance, overdue_amount, days_past_due, reported_at
) from stdin
