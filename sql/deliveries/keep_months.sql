-- Keeps what became of the delivery's rows by institution and month, the rejected and the warned ones among them.
-- $1 bigint the delivery
insert into delivery_month (
    delivery_id, institution_id, month, kind, added, corrected, older, unchanged, rejected, warned
)
select
    $1, institution_id, month, kind, sum(added), sum(corrected), sum(older), sum(unchanged), sum(rejected), sum(warned)
from (
    select institution_id, month, kind, added, corrected, older, unchanged, rejected, warned from delivered_month
    union all
    select institution_id, month, kind, 0, 0, 0, 0, 0, count(distinct place)
    from delivered_warning
    group by institution_id, month, kind
) as counted
group by institution_id, month, kind
having sum(added) + sum(corrected) + sum(older) + sum(unchanged) + sum(rejected) > 0
order by institution_id, month, kind
