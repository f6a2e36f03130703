-- Adds the cells of the delivered loans that are not known yet; no other loan can have become part of another cell.
insert into portfolio_cell (institution_id, product, institution_kind)
select distinct loan.institution_id, loan.product, institution.kind
from delivered_loan as delivered
join institution on institution.code = delivered.institution
join loan on loan.institution_id = institution.id and loan.number = delivered.number
where not exists (
    select
    from portfolio_cell as cell
    where cell.institution_id = loan.institution_id and cell.product = loan.product
)
order by loan.institution_id, loan.product
