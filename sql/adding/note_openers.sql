-- Notes what the touched borrowers add to the borrowers who opened loans in a month.
-- $1 integer 1 to add them, -1 to take them away
insert into opener_change
select slot, cells, $1::integer * count(*)
from (
    select slot, list_sort(list(cell_id)) as cells
    from (select distinct borrower_id, slot_of(opened_on) as slot, cell_id from loan where whole) as opened
    group by borrower_id, slot
) as borrower
group by slot, cells
