-- Removes the institutions present in months.
-- $1 text what they are of: REPORTED, MOVED or OPENED
-- $2 date[] the months
delete from portfolio_presence where basis = $1 and month = any ($2)
