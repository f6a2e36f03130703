-- Keeps how many of the delivery's rows break each rule.
-- $1 bigint the delivery
insert into delivery_rule (delivery_id, warns, rule, rows)
select $1, false, rule, count(distinct place)
from rejected_problem
group by rule
order by rule
