-- Takes what changes of what cohorts are like at their months on book, added up, in COPY's text format.
copy aging_sum (block_id, opened, month_on_book, step, change) from stdin
