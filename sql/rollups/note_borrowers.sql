-- Notes what the touched reports add to the borrowers of the months and take away.
insert into borrower_change (month, cells, borrowers)
select month, cells, sum(sign)
from (
    select sign, month, array_agg(distinct cell_id order by cell_id) as cells
    from touched_report
    where touched and (balance > 0 or overdue_amount > 0)
    group by borrower_id, month, sign
) as borrower
group by month, cells
having sum(sign) <> 0
