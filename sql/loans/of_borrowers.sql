-- The loans that questions about borrowers are about, by slot, newest opened first.
-- $1 jsonb questions, as the function asked_loan takes them
-- $2 integer[] the number of each slot's question
-- $3 bigint[] each slot's borrower id
-- -> LoanRow
select
    a.slot, a.id, a.institution_id, i.code as institution_code, i.name as institution_name, i.kind as institution_kind,
    a.product, a.principal, a.opened_on, a.due_on, a.closed_on, a.state
from asked_loan($1, $2, $3) a
join institution i on i.id = a.institution_id
order by a.slot, a.opened_on desc, a.id desc
