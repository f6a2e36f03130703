-- Takes rejected rows out of the delivered inquiries, and remembers whose they were.
-- $1 bigint[] their places
with dropped as (
    delete from delivered_inquiry where place = any ($1::bigint[])
    returning place, institution, date_trunc('month', inquired_at)::date as month
)
insert into rejected_origin (place, kind, institution, month)
select place, 'inquiries', institution, month from dropped
