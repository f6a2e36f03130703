-- Tells the planner what the rollups look like.
analyze
    portfolio_cell, portfolio_block, portfolio_member, portfolio_month, portfolio_move, portfolio_cohort, portfolio_aging,
    portfolio_opening, portfolio_borrower, portfolio_opener, portfolio_fact, portfolio_presence, portfolio_holder,
    portfolio_share, portfolio_turn
