-- Lets the borrowers by number of lenders stand, up to a month, as they do in the last month kept.
-- $1 date the month
insert into portfolio_holder (block_id, month, lenders, borrowers, over_30, institutions)
select k.block_id, s.month::date, k.lenders, k.borrowers, k.over_30, k.institutions
from (select max(month) as last from portfolio_holder where block_id = portfolio_market()) as e
join portfolio_holder k on k.month = e.last
cross join generate_series(e.last + interval '1 month', $1::date, interval '1 month') as s (month)
