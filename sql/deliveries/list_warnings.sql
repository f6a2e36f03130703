-- The kept rows of a delivery that warnings name, in the order of files and lines.
-- $1 bigint the delivery
select file.name, warning.line, warning.rule, warning.got, warning.usual
from delivery_warning as warning
join delivery_file as file on file.delivery_id = warning.delivery_id and file.number = warning.file_number
where warning.delivery_id = $1
order by warning.file_number, warning.line, warning.rule
