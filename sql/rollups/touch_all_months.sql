-- Finds all reported months of the borrowers of a span of ids.
-- $1 bigint first id
-- $2 bigint last id
-- $3 date first reported month
-- $4 date last reported month
insert into touched_month (borrower_id, month)
select distinct loan.borrower_id, repayment.month
from loan
join repayment on repayment.loan_id = loan.id and repayment.month between $3 and $4
where loan.borrower_id between $1 and $2
