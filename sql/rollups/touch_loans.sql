-- Finds the known loans that the delivery names: no other one can change.
insert into touched_loan (loan_id)
select loan.id
from (
    select institution, number from delivered_loan
    union
    select institution, loan from delivered_repayment
) as delivered
join institution on institution.code = delivered.institution
join loan on loan.institution_id = institution.id and loan.number = delivered.number
