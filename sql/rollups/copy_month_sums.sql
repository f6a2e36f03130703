-- Takes what changes of the months' populations, added up, in COPY's text format.
copy month_sum (block_id, month, bucket, loans, balance, overdue_amount) from stdin
