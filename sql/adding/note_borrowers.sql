-- Notes what the touched reports add to the borrowers of the months.
insert into borrower_change
select slot, cells, sum(sign(borrower_id))
from (
    -- Sorted afterwards: sorting within the aggregate takes five times as long.
    select borrower_id, slot, list_sort(list(cell_id)) as cells
    from (
        select distinct borrower_id, slot, cell_id
        from report
        where touched and (balance > 0 or overdue_amount > 0)
    ) as present
    group by borrower_id, slot
) as borrower
group by slot, cells
having sum(sign(borrower_id)) <> 0
