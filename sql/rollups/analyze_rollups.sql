-- Tells the planner what the rollups look like.
analyze
    portfolio_cell, portfolio_month, portfolio_borrower, portfolio_move, portfolio_cohort, portfolio_age, portfolio_rise,
    portfolio_opener, portfolio_lender, portfolio_holder,
    portfolio_fact
