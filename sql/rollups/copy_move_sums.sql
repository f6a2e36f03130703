-- Takes what changes of the moves between buckets, added up, in COPY's text format.
copy move_sum (block_id, month, from_bucket, to_bucket, loans) from stdin
