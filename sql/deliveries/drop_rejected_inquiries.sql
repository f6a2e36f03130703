-- Takes rejected rows out of the delivered inquiries.
-- $1 bigint[] their places
delete from delivered_inquiry where place = any ($1::bigint[])
