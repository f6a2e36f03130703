-- Counts borrowers and institutions of the groups of months anew, from the rollups.
-- $1 text what is counted: REPORTED, MOVED or OPENED
-- $2 date[] the months
insert into portfolio_fact (basis, month, institution_kind, product, borrowers, institutions)
select $1, month, institution_kind, product, borrowers, institutions from portfolio_facts($1, $2)
