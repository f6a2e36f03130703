-- Takes in what is touched, as another session tells it.
-- $1 bigint[] borrowers
-- $2 date[] from which month on each one's lenders may change
-- $3 integer[] the slot of each one's first touched month
-- $4 integer[] the slot of each one's last touched month
-- $5 bigint[] loans
with named as (
    insert into touched_loan (loan_id)
    select unnest($5::bigint[])
)
insert into touched_borrower (borrower_id, since, first_slot, last_slot)
select borrower_id, since, first_slot, last_slot
from unnest($1::bigint[], $2::date[], $3::integer[], $4::integer[]) as touched (borrower_id, since, first_slot, last_slot)
