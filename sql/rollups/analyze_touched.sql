-- Tells the planner what is touched: nothing else ever does for temporary tables.
analyze touched_borrower, touched_loan
