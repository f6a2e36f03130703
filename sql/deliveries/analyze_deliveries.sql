-- Tells the planner what was delivered: nothing else ever does for temporary tables.
analyze delivered_institution, delivered_loan, delivered_repayment, delivered_inquiry
