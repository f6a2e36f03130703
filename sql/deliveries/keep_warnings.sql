-- Keeps the first rows of the delivery that each warning names.
-- $1 bigint the delivery
-- $2 bigint lines that a file may have, by which a place is divided into file and line
-- $3 bigint most rows for each warning
insert into delivery_warning (delivery_id, file_number, line, rule, got, usual)
select $1, place / $2, place % $2, rule, got, usual
from (
    select place, rule, got, usual, row_number() over (partition by rule order by place) as rank
    from delivered_warning
) as ranked
where rank <= $3
order by place, rule
