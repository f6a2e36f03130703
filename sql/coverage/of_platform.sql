-- What the platform holds: one row.
-- -> CoverageRow
select
    (select min(month) from reported_month) as first_month,
    (select max(month) from reported_month) as last_month,
    borrowers,
    loans,
    repayments,
    institutions
from coverage
order by sole
