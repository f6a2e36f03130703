-- Reads a part of what was taken in: the loans of every so many borrowers, those that do not change as they were and as
-- they are.
-- $1 bigint parts
-- $2 bigint which part, from 0
insert into loan
select
    sign * borrower_id, sign * loan_id, cell_id, institution_id, opened_on, closed_on, principal, whole, first, f, g, days,
    balance, overdue_amount, changes
from (
    select * exclude (sign), unnest(case when changes then [sign] else [-1, 1] end) as sign
    from taken
    where borrower_id % $1 = $2
) as signed
