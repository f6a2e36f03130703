-- Notes what the touched borrowers add to the borrowers who opened loans in a month.
insert into opener_change
select slot, cells, sum(sign(borrower_id))
from (
    select borrower_id, slot, list_sort(list(cell_id)) as cells
    from (select distinct borrower_id, slot_of(opened_on) as slot, cell_id from loan where whole) as opened
    group by borrower_id, slot
) as borrower
group by slot, cells
having sum(sign(borrower_id)) <> 0
