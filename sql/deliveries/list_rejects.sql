-- Why rows of a delivery were rejected, in the order of files and lines.
-- $1 bigint the delivery
-- $2 text a file's name; null: of all files
select
    file.name, file.kind, file.header, reject.line, reject.column_name, reject.rule, reject.got, reject.allowed,
    reject.raw
from delivery_reject as reject
join delivery_file as file on file.delivery_id = reject.delivery_id and file.number = reject.file_number
where reject.delivery_id = $1 and ($2::text is null or file.name = $2)
order by reject.file_number, reject.line, reject.number
