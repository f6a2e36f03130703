-- Tells the planner what the portfolio looks like after a load that changed its size: queries come before autovacuum.
-- Of the largest table only the columns that statements choose rows by.
analyze institution, borrower, loan, loan_superseded, repayment (loan_id, month, days_past_due, reported_at),
    repayment_superseded, loan_series (loan_id, first_month), inquiry, reported_month,
    portfolio_cell, portfolio_block, portfolio_member, portfolio_month, portfolio_move, portfolio_cohort, portfolio_aging,
    portfolio_opening, portfolio_borrower, portfolio_opener, portfolio_fact, portfolio_presence, portfolio_holder,
    portfolio_share, portfolio_turn
