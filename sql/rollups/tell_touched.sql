-- What is touched, for another session: the columns of touched_borrower, and the loans, each as an array.
select b.borrowers, b.since, b.first_slots, b.last_slots, l.loans
from (
    select
        array_agg(borrower_id)::text as borrowers, array_agg(since)::text as since,
        array_agg(first_slot)::text as first_slots, array_agg(last_slot)::text as last_slots
    from touched_borrower
) as b
cross join (select array_agg(loan_id)::text as loans from touched_loan) as l
