-- The months of which the institutions present may change, by what they are of; all that there are if asked.
-- $1 boolean all
select 'REPORTED' as basis, array_agg(month) as months
from (select month from month_sum union select month from portfolio_month where $1) as reported
union all
select 'MOVED', array_agg(month)
from (select month from move_sum union select month from portfolio_move where $1) as moved
union all
select 'OPENED', array_agg(opened)
from (select opened from cohort_sum union select opened from portfolio_cohort where $1) as opened
order by basis
