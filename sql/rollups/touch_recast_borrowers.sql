-- Finds the borrowers with loans of institutions whose kind is another than the rollups have, from the beginning on and with
-- all months.
-- $1 date first month
-- $2 date last month
insert into touched_borrower (borrower_id, since, first_slot, last_slot)
select distinct l.borrower_id, '0001-01-01'::date, series_slot($1), series_slot($2)
from portfolio_cell c
join institution i on i.id = c.institution_id and i.kind <> c.institution_kind
join loan l on l.institution_id = c.institution_id and l.product = c.product
