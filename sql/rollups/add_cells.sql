-- Adds the cells of the touched borrowers' loans that are not known yet.
insert into portfolio_cell (institution_id, product, institution_kind)
select distinct loan.institution_id, loan.product, institution.kind
from touched_borrower as touched
join loan on loan.borrower_id = touched.borrower_id
join institution on institution.id = loan.institution_id
where not exists (
    select
    from portfolio_cell as cell
    where cell.institution_id = loan.institution_id and cell.product = loan.product
)
order by loan.institution_id, loan.product
