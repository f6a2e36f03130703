-- Makes the temporary table of the borrowers of whom anything may change: the month from which on their lenders may, or
-- whether they are over 30 days past due, and the slots of the first and the last month that may; null: none. What of
-- their lenders ended before that stays as it is.
create temporary table touched_borrower (
    borrower_id bigint not null,
    since date,
    first_slot integer,
    last_slot integer
) on commit drop
