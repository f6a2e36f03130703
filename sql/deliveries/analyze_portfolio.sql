-- Tells the planner what the portfolio looks like after a load that changed its size: queries come before autovacuum.
analyze institution, borrower, loan, loan_superseded, repayment, repayment_superseded, inquiry, reported_month
