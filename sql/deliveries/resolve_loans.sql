-- Finds for each delivered loan its institution, its borrower and the stored newest version.
insert into loan_report (
    place, institution_id, number, loan_id, newest_at, borrower_id, product, principal, opened_on, due_on, closed_on,
    state, reported_at, alone, repeats
)
select
    delivered.place, institution.id, delivered.number, newest.id, newest.reported_at, borrower.id, delivered.product,
    delivered.principal, delivered.opened_on, delivered.due_on, delivered.closed_on, delivered.state,
    delivered.reported_at,
    count(*) over (partition by institution.id, delivered.number) = 1,
    newest.id is not null and (
        newest.reported_at, newest.borrower_id, newest.product, newest.principal, newest.opened_on, newest.due_on,
        newest.closed_on, newest.state
    ) is not distinct from (
        delivered.reported_at, borrower.id, delivered.product, delivered.principal, delivered.opened_on,
        delivered.due_on, delivered.closed_on, delivered.state
    )
from delivered_loan as delivered
join institution on institution.code = delivered.institution
join borrower on borrower.subject_key = delivered.subject_key
left join loan as newest on newest.institution_id = institution.id and newest.number = delivered.number
