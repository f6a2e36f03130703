-- The newest deliveries first, with the counts of all their rows.
-- $1 bigint most deliveries to give
select
    delivery.id, delivery.source, delivery.state, delivery.loaded_at, delivery.seconds,
    coalesce(sum(counted.read), 0)::bigint as read,
    coalesce(sum(counted.added), 0)::bigint as added,
    coalesce(sum(counted.corrected), 0)::bigint as corrected,
    coalesce(sum(counted.older), 0)::bigint as older,
    coalesce(sum(counted.unchanged), 0)::bigint as unchanged,
    coalesce(sum(counted.rejected), 0)::bigint as rejected,
    coalesce(sum(counted.warned), 0)::bigint as warned
from delivery
left join delivery_count as counted on counted.delivery_id = delivery.id
group by delivery.id
order by delivery.id desc
limit $1
