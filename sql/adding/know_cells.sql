-- Takes in which institutions cells are of.
-- $1 integer[] cells
-- $2 integer[] as many institutions
insert into cell select unnest($1::integer[]), unnest($2::integer[])
