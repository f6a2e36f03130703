-- Works out from all reports of a loan what was in force when, whatever the order in which they arrived.
insert into loan_version (
    place, institution_id, number, loan_id, newest_at, borrower_id, product, principal, opened_on, due_on, closed_on,
    state, reported_at, confirms, superseded_at
)
select
    place, institution_id, number, loan_id, newest_at, borrower_id, product, principal, opened_on, due_on, closed_on,
    state, reported_at, confirms,
    case when not confirms then
        lead(reported_at) over (partition by institution_id, number, confirms order by reported_at)
    end
from (
    select
        place, institution_id, number, loan_id, newest_at, borrower_id, product, principal, opened_on, due_on,
        closed_on, state, reported_at,
        (borrower_id, product, principal, opened_on, due_on, closed_on, state) is not distinct from lag(
            row(borrower_id, product, principal, opened_on, due_on, closed_on, state)
        ) over (partition by institution_id, number order by reported_at) as confirms
    from (
        select distinct on (institution_id, number, reported_at)
            place, institution_id, number, loan_id, newest_at, borrower_id, product, principal, opened_on, due_on,
            closed_on, state, reported_at
        from loan_history
        order by institution_id, number, reported_at, place nulls first
    ) as report
) as compared
