-- Keeps the older versions of loans that are not kept yet.
insert into loan_superseded (
    loan_id, borrower_id, institution_id, product, principal, opened_on, due_on, closed_on, state, reported_at,
    superseded_at
)
select
    loan.id, version.borrower_id, version.institution_id, version.product, version.principal, version.opened_on,
    version.due_on, version.closed_on, version.state, version.reported_at, version.superseded_at
from loan_version as version
join loan on loan.institution_id = version.institution_id and loan.number = version.number
where not version.confirms and version.superseded_at is not null
order by loan.id, version.reported_at
on conflict (loan_id, reported_at) do nothing
