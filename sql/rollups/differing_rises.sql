-- Where what is kept of the rises of days past due differs from what was noted, in order, at most a number;
-- `difference` is what is kept too little, `total` how many there are.
-- $1 bigint most rows to give
select
    concat_ws(
        ', ',
        'grain ' || coalesce(grain::text, 'none'),
        'opened ' || coalesce(opened::text, 'none'),
        'cell_id ' || coalesce(cell_id::text, 'none'),
        'month_on_book ' || coalesce(month_on_book::text, 'none'),
        'days_past_due ' || coalesce(days_past_due::text, 'none')
    ) as place,
    concat_ws(', ', 'change ' || sum(change)) as difference,
    count(*) over () as total
from rise_change
group by grain, opened, cell_id, month_on_book, days_past_due
having sum(change) <> 0
order by grain, opened, cell_id, month_on_book, days_past_due
limit $1
