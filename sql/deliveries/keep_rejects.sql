-- Keeps the rejected rows of a delivery, a row for each thing that is wrong.
-- $1 bigint the delivery
-- $2 bigint lines that a file may have, by which a place is divided into file and line
insert into delivery_reject (delivery_id, file_number, line, number, column_name, rule, got, allowed, raw)
select
    $1, problem.place / $2, problem.place % $2, problem.number, problem.column_name, problem.rule, problem.got,
    problem.allowed, coalesce(rejected.raw, '')
from rejected_problem as problem
left join rejected_row as rejected on rejected.place = problem.place
order by problem.place, problem.number
