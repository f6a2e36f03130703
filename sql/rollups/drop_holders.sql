-- Removes what has become nothing of the borrowers by number of lenders, but for what marks a month as kept.
-- $1 date first month that changed
delete from portfolio_holder
where month >= $1 and borrowers = 0 and over_30 = 0 and (block_id, lenders) <> (portfolio_market(), 1)
