-- Empties the rises of days past due.
delete from portfolio_rise
