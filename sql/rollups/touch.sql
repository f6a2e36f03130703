-- Finds the borrowers of whom the delivery may change anything, and the known loans that it may. Lenders change from the
-- month on in which a loan opens, or ends anew if nothing else of it changes, or in which whether it is over 30 days past
-- due changes. Months are those of repayments that say something new, and all of loans that get another borrower, product
-- or opening day.
-- $1 date first delivered month for which something may be stored; null: none
-- $2 date last delivered month for which something may be stored
with delivered as materialized (
    select
        institution.id as institution_id, delivered.number, borrower.id as borrower_id, stored.id as loan_id,
        stored.borrower_id as stored_borrower_id,
        case
            when (stored.borrower_id, stored.product, stored.principal, stored.opened_on)
                is distinct from (borrower.id, delivered.product, delivered.principal, delivered.opened_on)
                then least(stored.opened_on, delivered.opened_on)
            when stored.closed_on is distinct from delivered.closed_on
                then least(stored.closed_on, delivered.closed_on)
        end as since,
        (stored.borrower_id, stored.product, stored.opened_on)
        is distinct from (borrower.id, delivered.product, delivered.opened_on) as moves
    from delivered_loan as delivered
    join institution on institution.code = delivered.institution
    join borrower on borrower.subject_key = delivered.subject_key
    left join loan as stored on stored.institution_id = institution.id and stored.number = delivered.number
),
changed as materialized (
    select
        institution.id as institution_id, delivered.loan as number, loan.id as loan_id, loan.borrower_id, delivered.month,
        case
            when (coalesce(stored.days_past_due, 0) > 30) <> (delivered.days_past_due > 30) then delivered.month
        end as since
    from delivered_repayment as delivered
    join institution on institution.code = delivered.institution
    left join loan on loan.institution_id = institution.id and loan.number = delivered.loan
    left join repayment as stored
        on stored.loan_id = loan.id and stored.month = delivered.month and stored.month between $1 and $2
    where (stored.balance, stored.overdue_amount, stored.days_past_due)
        is distinct from (delivered.balance, delivered.overdue_amount, delivered.days_past_due)
),
moved as materialized (
    select delivered.borrower_id, delivered.stored_borrower_id, stored.month
    from delivered
    cross join reported_span() as span
    join repayment as stored on stored.loan_id = delivered.loan_id and stored.month between span.first and span.last
    where delivered.moves
),
named as (
    insert into touched_loan (loan_id)
    select loan_id from delivered where loan_id is not null
    union
    select loan_id from changed where loan_id is not null
)
insert into touched_borrower (borrower_id, since, first_slot, last_slot)
select borrower_id, date_trunc('month', min(since))::date, series_slot(min(month)), series_slot(max(month))
from (
    select borrower_id, since, null::date as month from delivered where since is not null
    union all
    select stored_borrower_id, since, null from delivered where since is not null and stored_borrower_id is not null
    union all
    select borrower_id, since, month from changed where borrower_id is not null
    union all
    select delivered.borrower_id, changed.since, changed.month
    from changed
    join delivered on delivered.institution_id = changed.institution_id and delivered.number = changed.number
    union all
    select borrower_id, null, month from moved
    union all
    select stored_borrower_id, null, month from moved
) as touched
group by borrower_id
