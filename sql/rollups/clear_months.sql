-- Empties the months' populations.
delete from portfolio_month
