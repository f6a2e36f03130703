-- Takes rejected rows out of the delivered loans, and remembers whose they were.
-- $1 bigint[] their places
with dropped as (
    delete from delivered_loan where place = any ($1::bigint[])
    returning place, institution, date_trunc('month', reported_at)::date as month
)
insert into rejected_origin (place, kind, institution, month)
select place, 'loans', institution, month from dropped
