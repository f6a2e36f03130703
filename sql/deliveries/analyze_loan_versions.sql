-- Tells the planner how many versions of loans are moved.
analyze loan_version
