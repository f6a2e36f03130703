-- Tells the planner how many versions of loans are moved.
analyze loan_version (institution_id, number, loan_id, confirms, superseded_at)
