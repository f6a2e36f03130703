-- Adds what changed of each institution's borrowers by number of lenders to the month in which it did, and to all later
-- ones.
-- $1 date the last month kept
insert into portfolio_share as kept (month, lenders, institution_id, borrowers)
select month, lenders, institution_id, borrowers
from (
    select
        s.month::date as month, k.lenders, k.institution_id,
        sum(coalesce(c.borrowers, 0)) over (partition by k.lenders, k.institution_id order by s.month) as borrowers
    from (select lenders, institution_id, min(month) as first from share_sum group by lenders, institution_id) as k
    cross join lateral generate_series(k.first::timestamp, $1::date, interval '1 month') as s (month)
    left join share_sum c on c.lenders = k.lenders and c.institution_id = k.institution_id and c.month = s.month
) as standing
where borrowers <> 0
order by month, lenders, institution_id
on conflict (month, lenders, institution_id) do update
set borrowers = kept.borrowers + excluded.borrowers
