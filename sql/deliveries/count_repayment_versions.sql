-- How many of the delivered reports in repayment_version are the first of their loan's month, a correction, or an
-- older version.
select
    count(*) filter (where newest_at is null and superseded_at is null) as added,
    count(*) filter (where newest_at is null and superseded_at is not null or reported_at > newest_at) as corrected,
    count(*) filter (where reported_at < newest_at) as older
from repayment_version
where place is not null and not confirms
