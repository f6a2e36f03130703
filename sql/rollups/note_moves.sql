-- Notes what the touched reports add to the moves between buckets and take away.
insert into move_change (cell_id, month, from_bucket, to_bucket, loans)
select cell_id, month, from_bucket, to_bucket, sum(sign)
from (
    select
        sign, cell_id, month, portfolio_bucket(days_past_due) as from_bucket,
        case when later_days is not null then portfolio_bucket(later_days) end as to_bucket
    from touched_report
    where begins
) as move
group by cell_id, month, from_bucket, to_bucket
having sum(sign) <> 0
