-- Takes what there is of the months' populations, where there was nothing, in COPY's text format.
copy portfolio_month (block_id, month, bucket, loans, balance, overdue_amount) from stdin
