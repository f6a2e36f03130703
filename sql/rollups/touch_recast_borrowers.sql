-- Finds the borrowers with loans of institutions whose kind is another than the rollups have.
insert into touched_borrower (borrower_id)
select distinct l.borrower_id
from portfolio_cell c
join institution i on i.id = c.institution_id and i.kind <> c.institution_kind
join loan l on l.institution_id = c.institution_id and l.product = c.product
