-- Removes what has become nothing of the rises of days past due.
delete from portfolio_rise where change = 0
