-- Takes what there is of the moves between buckets, where there was nothing, in COPY's text format.
copy portfolio_move (block_id, month, from_bucket, to_bucket, loans) from stdin
