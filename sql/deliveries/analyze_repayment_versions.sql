-- Tells the planner how many versions of months are moved.
analyze repayment_version
