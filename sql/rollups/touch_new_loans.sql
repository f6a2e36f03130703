-- Finds the loans that the delivery has added: all others that it may change were found before.
insert into touched_loan (loan_id)
select distinct loan.id
from delivered_loan as delivered
join institution on institution.code = delivered.institution
join loan on loan.institution_id = institution.id and loan.number = delivered.number
where not exists (select from touched_loan as known where known.loan_id = loan.id)
