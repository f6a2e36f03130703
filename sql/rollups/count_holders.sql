-- Counts the institutions of the whole market's borrowers by number of lenders.
-- $1 date first month that changed
update portfolio_holder as kept
set institutions = counted.institutions
from (
    select h.month, h.lenders, count(s.institution_id) as institutions
    from portfolio_holder h
    left join portfolio_share s on s.month = h.month and s.lenders = h.lenders
    where h.block_id = portfolio_market() and h.month >= $1
    group by h.month, h.lenders
) as counted
where kept.block_id = portfolio_market()
    and kept.month = counted.month
    and kept.lenders = counted.lenders
    and kept.institutions <> counted.institutions
