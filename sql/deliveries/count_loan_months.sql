-- Counts what became of the delivered loans, by institution and the month of their reports.
insert into delivered_month (kind, institution_id, month, added, corrected, older, unchanged)
select
    'loans', report.institution_id, date_trunc('month', report.reported_at)::date,
    count(*) filter (
        where report.alone and report.loan_id is null or version.newest_at is null and version.superseded_at is null
            and version.place is not null
    ),
    count(*) filter (
        where version.newest_at is null and version.superseded_at is not null or version.reported_at > version.newest_at
    ),
    count(*) filter (where version.reported_at < version.newest_at),
    count(*) filter (where version.place is null and not (report.alone and report.loan_id is null))
from loan_report as report
left join loan_version as version on version.place = report.place and not version.confirms
group by report.institution_id, date_trunc('month', report.reported_at)
