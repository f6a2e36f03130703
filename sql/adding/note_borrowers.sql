-- Notes what the touched reports add to the borrowers of the months.
-- $1 integer 1 to add them, -1 to take them away
insert into borrower_change
select slot, cells, $1::integer * count(*)
from (
    -- Sorted afterwards: sorting within the aggregate takes five times as long.
    select slot, list_sort(list(cell_id)) as cells
    from (
        select distinct borrower_id, slot, cell_id
        from report
        where touched and (balance > 0 or overdue_amount > 0)
    ) as present
    group by borrower_id, slot
) as borrower
group by slot, cells
