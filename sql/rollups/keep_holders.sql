-- Adds what changed of the borrowers by number of lenders to the month in which it did, and to all later ones.
-- $1 date the last month kept
insert into portfolio_holder as kept (block_id, month, lenders, borrowers, over_30)
select block_id, month, lenders, borrowers, over_30
from (
    select
        k.block_id, s.month::date as month, k.lenders, sum(coalesce(c.borrowers, 0)) over so_far as borrowers,
        sum(coalesce(c.over_30, 0)) over so_far as over_30
    from (select block_id, lenders, min(month) as first from holder_sum group by block_id, lenders) as k
    cross join lateral generate_series(k.first::timestamp, $1::date, interval '1 month') as s (month)
    left join holder_sum c on c.block_id = k.block_id and c.lenders = k.lenders and c.month = s.month
    window so_far as (partition by k.block_id, k.lenders order by s.month)
) as standing
where borrowers <> 0 or over_30 <> 0
order by block_id, month, lenders
on conflict (block_id, month, lenders) do update
set borrowers = kept.borrowers + excluded.borrowers,
    over_30 = kept.over_30 + excluded.over_30
