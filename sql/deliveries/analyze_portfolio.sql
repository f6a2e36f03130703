-- Tells the planner what the portfolio looks like after a load that changed its size: queries come before autovacuum.
-- Of the largest table only the columns that statements choose rows by.
analyze institution, borrower, loan, loan_superseded, repayment (loan_id, month, days_past_due, reported_at),
    repayment_superseded, loan_series (loan_id, first_month), inquiry, reported_month,
    portfolio_cell, portfolio_month, portfolio_borrower, portfolio_move, portfolio_cohort, portfolio_age, portfolio_rise,
    portfolio_opener, portfolio_lender, portfolio_fact
