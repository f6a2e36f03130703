-- Counts what became of the delivered repayments, by institution and month.
insert into delivered_month (
    kind, institution_id, month, added, corrected, older, unchanged, overdue, days, rows, rows_overdue,
    first_place, first_reported_at
)
select
    'repayments', report.institution_id, report.month,
    count(*) filter (
        where report.alone and report.newest_at is null or version.newest_at is null and version.superseded_at is null
            and version.place is not null
    ),
    count(*) filter (
        where version.newest_at is null and version.superseded_at is not null or version.reported_at > version.newest_at
    ),
    count(*) filter (where version.reported_at < version.newest_at),
    count(*) filter (where version.place is null and not (report.alone and report.newest_at is null)),
    count(*) filter (where report.alone and report.newest_at is null and report.days_past_due > 0),
    coalesce(sum(report.reported_at::date - report.month) filter (where report.alone and report.newest_at is null), 0)
        - count(*) filter (where report.alone and report.newest_at is null)
            * ((report.month + interval '1 month - 1 day')::date - report.month),
    count(*), count(*) filter (where report.days_past_due > 0), min(report.place), min(report.reported_at)
from repayment_report as report
left join repayment_version as version on version.place = report.place and not version.confirms
group by report.institution_id, report.month
