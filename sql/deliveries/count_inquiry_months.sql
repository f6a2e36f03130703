-- Counts what became of the delivered inquiries, by institution and month.
insert into delivered_month (kind, institution_id, month, added, unchanged)
select
    'inquiries', institution_id, date_trunc('month', inquired_at)::date,
    count(*) filter (where adds), count(*) filter (where not adds)
from inquiry_report
group by institution_id, date_trunc('month', inquired_at)
