-- Removes what has become nothing of each institution's borrowers by number of lenders.
-- $1 date first month that changed
delete from portfolio_share where month >= $1 and borrowers = 0
