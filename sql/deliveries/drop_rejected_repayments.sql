-- Takes rejected rows out of the delivered repayments.
-- $1 bigint[] their places
delete from delivered_repayment where place = any ($1::bigint[])
