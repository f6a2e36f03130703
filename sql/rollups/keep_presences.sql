-- Finds the institutions present in months anew, from the rollups.
-- $1 text what they are of: REPORTED, MOVED or OPENED
-- $2 date[] the months
insert into portfolio_presence (basis, block_id, month, institutions)
select $1, block_id, month, institutions from portfolio_presences($1, $2)
