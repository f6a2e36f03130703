-- Makes the engine's tables, and what is worked out alike in several statements. A slot is a month as a number: the next
-- month has the next number.
create macro slot_of(day) as year(day)::integer * 12 + month(day)::integer;
create macro month_of(slot) as make_date((slot - 1) // 12, (slot - 1) % 12 + 1, 1);
create macro bucket_of(days_past_due) as
    case when days_past_due is not null then least((days_past_due::bigint + 29) // 30, 7)::integer end;

-- What was taken in, to be added (1) or taken away (-1), and whether the two differ. And what was read last of it: loans,
-- their touched months, and all their months with days past due. There, borrowers and loans as they were, to be taken away,
-- have negative numbers.
create table taken (
    borrower_id bigint, loan_id bigint, cell_id integer, institution_id integer, opened_on date, closed_on date,
    principal bigint, whole boolean, first integer, f integer, g integer, days integer[], balance bigint[],
    overdue_amount bigint[], changes boolean, sign integer
);
create table loan as select * exclude (sign) from taken limit 0;
create table report (
    borrower_id bigint, cell_id integer, opened_on date, slot integer, days integer, balance bigint,
    overdue_amount bigint, later_days integer, changes boolean, touched boolean, begins boolean, began boolean,
    ended boolean
);
create table arrear (
    borrower_id bigint, loan_id bigint, cell_id integer, institution_id integer, opened_on date, slot integer,
    days integer, changes boolean, whole boolean
);

-- What changes, noted of one reading after the other.
create table month_change (
    cell_id integer, slot integer, bucket integer, loans hugeint, balance hugeint, overdue_amount hugeint
);
create table move_change (cell_id integer, slot integer, from_bucket integer, to_bucket integer, loans hugeint);
create table cohort_change (cell_id integer, opened date, loans hugeint, principal hugeint);
create table opening_change (cell_id integer, opened date, age integer, days integer, change hugeint);
create table borrower_change (slot integer, cells integer[], borrowers hugeint);
create table opener_change (slot integer, cells integer[], borrowers hugeint);
create table state_change (slot integer, alive integer[], over_30 integer[], change hugeint);
create table turn_change (since date, lenders integer, institution_id integer, change hugeint, over_30 hugeint);

-- Which institutions the cells are of, to which blocks they belong, and the numbered sets of cells with their blocks.
create table cell (id integer, institution_id integer);
create table member (cell_id integer, block_id integer);
create table cell_set (number integer, cells integer[]);
create table set_block (number integer, block_id integer, lenders integer)
