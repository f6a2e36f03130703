-- Puts the delivered reports of a loan beside the stored ones, unless its only report is new or stored as it is.
insert into loan_history (
    place, institution_id, number, loan_id, newest_at, borrower_id, product, principal, opened_on, due_on, closed_on,
    state, reported_at
)
with delivered as (
    select
        place, institution_id, number, loan_id, newest_at, borrower_id, product, principal, opened_on, due_on,
        closed_on, state, reported_at
    from loan_report
    where not (alone and (loan_id is null or repeats))
),
touched as (
    select distinct institution_id, number, loan_id, newest_at from delivered where loan_id is not null
),
stored as (
    select
        touched.institution_id, touched.number, touched.loan_id, touched.newest_at, version.borrower_id,
        version.product, version.principal, version.opened_on, version.due_on, version.closed_on, version.state,
        version.reported_at, 'infinity'::timestamptz as superseded_at
    from touched
    join loan as version on version.id = touched.loan_id
    union all
    select
        touched.institution_id, touched.number, touched.loan_id, touched.newest_at, version.borrower_id,
        version.product, version.principal, version.opened_on, version.due_on, version.closed_on, version.state,
        version.reported_at, version.superseded_at
    from touched
    join loan_superseded as version on version.loan_id = touched.loan_id
)
select
    place, institution_id, number, loan_id, newest_at, borrower_id, product, principal, opened_on, due_on, closed_on,
    state, reported_at
from delivered
union all
select
    null, institution_id, number, loan_id, newest_at, borrower_id, product, principal, opened_on, due_on, closed_on,
    state, reported_at
from stored
union all
select
    null, stored.institution_id, stored.number, stored.loan_id, stored.newest_at, stored.borrower_id, stored.product,
    stored.principal, stored.opened_on, stored.due_on, stored.closed_on, stored.state, confirmation.reported_at
from stored
join loan_confirmation as confirmation
    on confirmation.loan_id = stored.loan_id
    and confirmation.reported_at > stored.reported_at
    and confirmation.reported_at < stored.superseded_at
