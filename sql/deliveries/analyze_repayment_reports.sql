-- Tells the planner what the delivered repayments stand for.
analyze repayment_report (loan_id, month, newest_at, alone, outside)
