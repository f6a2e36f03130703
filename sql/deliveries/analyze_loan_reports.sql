-- Tells the planner what the delivered loans stand for.
analyze loan_report, loan_history
