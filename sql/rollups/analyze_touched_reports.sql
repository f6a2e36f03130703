-- Tells the planner what was read of the touched borrowers: nothing else ever does for temporary tables.
analyze touched_loan, touched_report, touched_arrear
