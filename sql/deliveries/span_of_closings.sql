-- The first and the last month in which a loan that the delivery corrects was closed; null where none was.
select
    min(date_trunc('month', closed_on))::date as first,
    max(date_trunc('month', closed_on))::date as last
from loan_version
where place is not null and newest_at is not null and closed_on is not null
