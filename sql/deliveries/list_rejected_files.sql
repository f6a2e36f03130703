-- The files of which rows of a delivery were rejected, in the delivery's order.
-- $1 bigint the delivery
select file.name
from delivery_file as file
where file.delivery_id = $1
    and exists (
        select
        from delivery_reject as reject
        where reject.delivery_id = file.delivery_id and reject.file_number = file.number and reject.raw <> ''
    )
order by file.number
