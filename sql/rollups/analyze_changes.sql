-- Tells the planner what changed.
analyze set_block, borrower_change, opener_change, state_change
