-- The cells of the touched borrowers' loans that are not kept, by institution and product.
select distinct loan.institution_id, loan.product
from touched_borrower as touched
join loan on loan.borrower_id = touched.borrower_id
where not exists (
    select
    from portfolio_cell as cell
    where cell.institution_id = loan.institution_id and cell.product = loan.product
)
order by loan.institution_id, loan.product
