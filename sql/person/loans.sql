-- Every version of every loan that was ever reported of a person, by loan, the oldest version first.
-- $1 bigint the borrower
-- -> LoanVersionRow
select
    version.loan_id, loan.number, institution.code as institution, institution.name as institution_name,
    institution.kind as institution_kind, version.product, version.principal, version.opened_on, version.due_on,
    version.closed_on, version.state, version.reported_at, version.superseded_at
from (
    select
        id as loan_id, institution_id, product, principal, opened_on, due_on, closed_on, state, reported_at,
        null::timestamptz as superseded_at
    from loan
    where borrower_id = $1
    union all
    select
        loan_id, institution_id, product, principal, opened_on, due_on, closed_on, state, reported_at, superseded_at
    from loan_superseded
    where borrower_id = $1
) as version
join loan on loan.id = version.loan_id
join institution on institution.id = version.institution_id
order by version.loan_id, version.reported_at
