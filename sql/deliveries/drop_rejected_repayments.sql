-- Takes rejected rows out of the delivered repayments, and remembers whose they were.
-- $1 bigint[] their places
with dropped as (
    delete from delivered_repayment where place = any ($1::bigint[])
    returning place, institution, month as month
)
insert into rejected_origin (place, kind, institution, month)
select place, 'repayments', institution, month from dropped
