-- Tells the planner how many reports stand beside those that the delivery brings.
analyze repayment_history (loan_id, month)
