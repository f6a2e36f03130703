-- Takes in lines of loans as PostgreSQL's read_series gives them, but for the brackets of lists. What is added changes; what
-- is taken away says whether it does: what does not is there afterwards, too, and is not taken in again.
-- $1 varchar the lines
-- $2 integer 1 to add them, -1 to take them away
insert into taken
select
    c[1]::bigint, c[2]::bigint, c[3]::integer, c[4]::integer, c[5]::date, nullif(c[6], '\N')::date, c[7]::bigint,
    c[8]::boolean, nullif(c[9], '\N')::integer, nullif(c[10], '\N')::integer, nullif(c[11], '\N')::integer,
    nullif(c[12], '\N')::integer[], nullif(c[13], '\N')::bigint[], nullif(c[14], '\N')::bigint[],
    $2::integer > 0 or c[15]::boolean, $2
from (select string_split(unnest(string_split($1::varchar, chr(10))), chr(9)) as c) as line
where len(c) = 15
