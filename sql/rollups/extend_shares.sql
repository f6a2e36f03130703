-- Lets each institution's borrowers by number of lenders stand, up to a month, as they do in the last month kept.
-- $1 date the month
insert into portfolio_share (month, lenders, institution_id, borrowers)
select s.month::date, k.lenders, k.institution_id, k.borrowers
from (select max(month) as last from portfolio_holder where block_id = portfolio_market()) as e
join portfolio_share k on k.month = e.last
cross join generate_series(e.last + interval '1 month', $1::date, interval '1 month') as s (month)
