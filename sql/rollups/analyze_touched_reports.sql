-- Tells the planner what the reports of the touched months look like.
analyze touched_report
