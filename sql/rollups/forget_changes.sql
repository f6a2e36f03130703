-- Empties the temporary tables of what changes.
truncate
    month_change, move_change, opening_change, cohort_change, borrower_change, opener_change, turn_change, state_change,
    cell_set, set_block, month_sum, move_sum, cohort_sum, aging_sum, fact_sum, holder_sum, share_sum
