-- Takes in to which blocks cells belong.
-- $1 integer[] cells
-- $2 integer[] as many blocks
insert into member select unnest($1::integer[]), unnest($2::integer[])
