-- Tells the planner what the loans and their series look like, within a load that changes their number.
analyze loan (id, borrower_id, institution_id, product), loan_series (loan_id)
