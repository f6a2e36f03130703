-- Adds the delivered inquiries that are not known yet, and counts what became of all, by institution and month. Of several
-- rows of one inquiry one adds it, and the others are unchanged.
with added as (
    insert into inquiry (borrower_id, inquired_at, institution_id, purpose)
    select borrower.id, delivered.inquired_at, institution.id, delivered.purpose
    from delivered_inquiry as delivered
    join institution on institution.code = delivered.institution
    join borrower on borrower.subject_key = delivered.subject_key
    order by borrower.id, delivered.inquired_at, institution.id, delivered.purpose
    on conflict do nothing
    returning institution_id, inquired_at
),
counted as (
    select institution_id, date_trunc('month', inquired_at)::date as month, count(*) as added
    from added
    group by institution_id, date_trunc('month', inquired_at)
)
insert into delivered_month (kind, institution_id, month, added, unchanged)
select
    'inquiries', read.institution_id, read.month, coalesce(counted.added, 0), read.rows - coalesce(counted.added, 0)
from (
    select institution.id as institution_id, date_trunc('month', delivered.inquired_at)::date as month, count(*) as rows
    from delivered_inquiry as delivered
    join institution on institution.code = delivered.institution
    group by institution.id, date_trunc('month', delivered.inquired_at)
) as read
left join counted on counted.institution_id = read.institution_id and counted.month = read.month
