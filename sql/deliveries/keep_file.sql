-- Notes a file of a delivery that has rejected rows.
-- $1 bigint the delivery
-- $2 integer the file's number in the delivery, from 0
-- $3 text its name
-- $4 text its kind
-- $5 text its header, a line of CSV
insert into delivery_file (delivery_id, number, name, kind, header)
values ($1, $2, $3, $4, $5)
