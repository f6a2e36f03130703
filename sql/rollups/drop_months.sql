-- Removes what has become nothing of the months' populations.
delete from portfolio_month where loans = 0
