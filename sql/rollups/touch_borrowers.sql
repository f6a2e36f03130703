-- Finds the borrowers whose loans the delivery adds or changes, or the days past due of them.
-- $1 date first delivered month
-- $2 date last delivered month
insert into touched_borrower (borrower_id)
with delivered as (
    select
        institution.id as institution_id, delivered.number, borrower.id as borrower_id, stored.id as loan_id,
        stored.borrower_id as stored_borrower_id,
        (stored.borrower_id, stored.product, stored.principal, stored.opened_on, stored.closed_on)
        is distinct from
        (borrower.id, delivered.product, delivered.principal, delivered.opened_on, delivered.closed_on) as differs
    from delivered_loan as delivered
    join institution on institution.code = delivered.institution
    join borrower on borrower.subject_key = delivered.subject_key
    left join loan as stored on stored.institution_id = institution.id and stored.number = delivered.number
),
late as (
    select institution.id as institution_id, delivered.loan as number, loan.borrower_id
    from delivered_repayment as delivered
    join institution on institution.code = delivered.institution
    left join loan on loan.institution_id = institution.id and loan.number = delivered.loan
    left join repayment as stored
        on stored.loan_id = loan.id and stored.month = delivered.month and stored.month between $1 and $2
    where coalesce(stored.days_past_due, 0) <> delivered.days_past_due
)
select borrower_id from delivered where differs
union
select stored_borrower_id from delivered where differs and stored_borrower_id is not null
union
select borrower_id from late where borrower_id is not null
union
select delivered.borrower_id
from late
join delivered on delivered.institution_id = late.institution_id and delivered.number = late.number
