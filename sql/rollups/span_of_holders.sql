-- The first and the last month at whose end lenders of borrowers change; null where none do.
select min(month) as first, max(month) as last
from (select month from holder_sum union all select month from share_sum) as changed
