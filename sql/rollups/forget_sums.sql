-- Empties the temporary tables of what changes, added up.
truncate
    month_sum, move_sum, cohort_sum, aging_sum, opening_sum, borrower_sum, opener_sum, fact_sum, holder_sum, share_sum,
    turn_sum
