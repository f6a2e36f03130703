-- Tells the planner what the delivered loans stand for.
analyze loan_report (institution_id, number, loan_id, alone), loan_history (institution_id, number, loan_id)
