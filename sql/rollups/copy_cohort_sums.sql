-- Takes what changes of the cohorts, added up, in COPY's text format.
copy cohort_sum (block_id, opened, loans, principal) from stdin
