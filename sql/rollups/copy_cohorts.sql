-- Takes what there is of the cohorts, where there was nothing, in COPY's text format.
copy portfolio_cohort (block_id, opened, loans, principal) from stdin
