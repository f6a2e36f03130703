-- Finds the borrowers of whom the delivery adds or changes months, with the first and the last of these: those of its
-- repayments that say something new, and all of loans that get another borrower, product or opening day.
-- $1 date first delivered month
-- $2 date last delivered month
insert into touched_span (borrower_id, first, last)
with delivered as (
    select
        institution.id as institution_id, delivered.number, borrower.id as borrower_id, stored.id as loan_id,
        stored.borrower_id as stored_borrower_id,
        (stored.borrower_id, stored.product, stored.opened_on)
        is distinct from (borrower.id, delivered.product, delivered.opened_on) as moves
    from delivered_loan as delivered
    join institution on institution.code = delivered.institution
    join borrower on borrower.subject_key = delivered.subject_key
    left join loan as stored on stored.institution_id = institution.id and stored.number = delivered.number
),
changed as (
    select institution.id as institution_id, delivered.loan as number, delivered.month, loan.borrower_id
    from delivered_repayment as delivered
    join institution on institution.code = delivered.institution
    left join loan on loan.institution_id = institution.id and loan.number = delivered.loan
    left join repayment as stored
        on stored.loan_id = loan.id and stored.month = delivered.month and stored.month between $1 and $2
    where (stored.balance, stored.overdue_amount, stored.days_past_due)
        is distinct from (delivered.balance, delivered.overdue_amount, delivered.days_past_due)
),
moved as (
    select delivered.borrower_id, delivered.stored_borrower_id, stored.month
    from delivered
    cross join reported_span() as span
    join repayment as stored on stored.loan_id = delivered.loan_id and stored.month between span.first and span.last
    where delivered.moves
)
select borrower_id, min(month), max(month)
from (
    select borrower_id, month from changed where borrower_id is not null
    union all
    select delivered.borrower_id, changed.month
    from changed
    join delivered on delivered.institution_id = changed.institution_id and delivered.number = changed.number
    union all
    select borrower_id, month from moved
    union all
    select stored_borrower_id, month from moved
) as touched
group by borrower_id
