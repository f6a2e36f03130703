-- Tells the planner what the loans and their months look like, within a load that changes their number.
analyze loan, repayment
