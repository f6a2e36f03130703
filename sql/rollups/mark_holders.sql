-- Has a row for each month from the first to the last one kept, these two among them, of whoever has one lender: what
-- stands in later months is what stands in the last.
-- $1 date a month
-- $2 date a later month
insert into portfolio_holder (block_id, month, lenders, borrowers, over_30)
select portfolio_market(), s.month::date, 1, 0, 0
from (select min(month) as first, max(month) as last from portfolio_holder where block_id = portfolio_market()) as e
cross join generate_series(least(e.first, $1)::timestamp, greatest(e.last, $2), interval '1 month') as s (month)
on conflict (block_id, month, lenders) do nothing
