-- The months of which facts change, by what is counted; all that there are if asked.
-- $1 boolean all
select 'REPORTED' as basis, array_agg(distinct month) as months
from (select month from borrower_change union all select month from portfolio_borrower where $1) as reported
union all
select 'OPENED', array_agg(distinct month)
from (select month from opener_change union all select month from portfolio_opener where $1) as opened
order by basis
