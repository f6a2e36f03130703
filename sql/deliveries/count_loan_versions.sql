-- How many of the delivered reports in loan_version are the first of their loan, a correction, or an older version.
select
    count(*) filter (where newest_at is null and superseded_at is null) as added,
    count(*) filter (where newest_at is null and superseded_at is not null or reported_at > newest_at) as corrected,
    count(*) filter (where reported_at < newest_at) as older
from loan_version
where place is not null and not confirms
