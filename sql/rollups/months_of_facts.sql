-- The months of which facts change, by what they are of; all that there are if asked.
-- $1 boolean all
with reported as (
    select month from borrower_change
    union
    select month from move_change
    union
    select month from portfolio_move where $1
),
opened as (
    select month from opener_change
    union
    select month from portfolio_opener where $1
)
select 'REPORTED' as basis, array_agg(month) as months from reported
union all
select 'MOVED', array_agg(month) from reported
union all
select 'OPENED', array_agg(month) from opened
order by basis
