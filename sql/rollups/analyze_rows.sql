-- Tells the planner what the loans and their series look like, within a load that changes their number;
-- but for what somebody else keeps.
analyze (skip_locked) loan (id, borrower_id, institution_id, product), loan_series (loan_id)
