-- Tells the planner what the delivered repayments stand for.
analyze repayment_report, repayment_history
