-- What became of the rows of a kind of file.
-- $1 text kind of file
select
    coalesce(sum(added), 0)::bigint as added,
    coalesce(sum(corrected), 0)::bigint as corrected,
    coalesce(sum(older), 0)::bigint as older,
    coalesce(sum(unchanged), 0)::bigint as unchanged
from delivered_month
where kind = $1
