-- Takes what there is of what cohorts are like at their months on book, where there was nothing, in COPY's text format.
copy portfolio_aging (block_id, opened, month_on_book, step, change) from stdin
