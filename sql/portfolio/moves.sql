-- Each group's loans by bucket in a month and in the next, where both are in its window, by group, month and buckets.
-- $1 date[] each group's first day
-- $2 date[] each group's day after the last
-- $3 integer[] a group's number, once for each of its blocks
-- $4 integer[] the blocks' ids
-- -> MoveRow
select
    a.slot::integer as slot, m.month, m.from_bucket::integer as from_bucket, m.to_bucket::integer as to_bucket,
    sum(m.loans)::bigint as loans
from unnest($1::date[], $2::date[]) with ordinality as a (first, past, slot)
join unnest($3::integer[], $4::integer[]) as b (slot, block_id) on b.slot = a.slot
join portfolio_move m on m.block_id = b.block_id and m.month >= a.first and m.month + interval '1 month' < a.past
group by a.slot, m.month, m.from_bucket, m.to_bucket
order by a.slot, m.month, m.from_bucket, m.to_bucket
