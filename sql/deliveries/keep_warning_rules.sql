-- Keeps how many of the delivery's rows each warning names.
-- $1 bigint the delivery
insert into delivery_rule (delivery_id, warns, rule, rows)
select $1, true, rule, count(*)
from delivered_warning
group by rule
order by rule
