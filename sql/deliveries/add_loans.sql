-- Adds the loans that are not known yet, each in its newest version.
insert into loan (
    borrower_id, institution_id, number, product, principal, opened_on, due_on, closed_on, state, reported_at
)
select
    borrower_id, institution_id, number, product, principal, opened_on, due_on, closed_on, state, reported_at
from (
    select
        borrower_id, institution_id, number, product, principal, opened_on, due_on, closed_on, state, reported_at
    from loan_report
    where alone and loan_id is null
    union all
    select
        borrower_id, institution_id, number, product, principal, opened_on, due_on, closed_on, state, reported_at
    from loan_version
    where loan_id is null and not confirms and superseded_at is null
) as newest
order by borrower_id, opened_on, institution_id, number
