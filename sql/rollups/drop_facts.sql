-- Removes the facts of months.
-- $1 text what is counted: REPORTED, MOVED or OPENED
-- $2 date[] the months
delete from portfolio_fact where basis = $1 and month = any ($2)
