-- Where the institutions that are kept as present, or counted among lenders, differ from what the rollups say, in order,
-- at most a number; `total` says how many there are.
-- $1 bigint most rows to give
select
    concat_ws(', ', basis, 'month ' || month, portfolio_block_name(block_id), 'lenders ' || lenders) as place,
    format('kept: institutions %s, right: %s', kept, found) as difference,
    count(*) over () as total
from (
    select
        coalesce(k.basis, f.basis) as basis, coalesce(k.month, f.month) as month,
        coalesce(k.block_id, f.block_id) as block_id, null::integer as lenders, k.institutions::text as kept,
        f.institutions::text as found
    from portfolio_presence as k
    full join (
        select b.basis, p.block_id, p.month, p.institutions
        from (values ('REPORTED'), ('MOVED'), ('OPENED')) as b (basis)
        cross join lateral portfolio_presences(
            b.basis, array(select month from portfolio_move union select opened from portfolio_cohort)
        ) as p
    ) as f
        on f.basis = k.basis and f.month = k.month and f.block_id = k.block_id
    where k.institutions is distinct from f.institutions
    union all
    select 'LENDERS', h.month, h.block_id, h.lenders, h.institutions::text, count(s.institution_id)::text
    from portfolio_holder h
    left join portfolio_share s on s.month = h.month and s.lenders = h.lenders
    where h.block_id = portfolio_market()
    group by h.month, h.block_id, h.lenders, h.institutions
    having h.institutions <> count(s.institution_id)
) as compared
order by basis, month, block_id, lenders
limit $1
