-- Takes rejected rows out of the delivered loans.
-- $1 bigint[] their places
delete from delivered_loan where place = any ($1::bigint[])
