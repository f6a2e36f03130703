-- Notes what the touched borrowers add to the borrowers who opened loans in a month and take away.
insert into opener_change (month, cells, borrowers)
select month, cells, sum(sign)
from (
    select
        sign, date_trunc('month', opened_on)::date as month, array_agg(distinct cell_id order by cell_id) as cells
    from touched_loan
    group by borrower_id, date_trunc('month', opened_on), sign
) as borrower
group by month, cells
having sum(sign) <> 0
