-- Keeps the delivery's warned rows by institution, month and warning.
-- $1 bigint the delivery
insert into delivery_month_rule (delivery_id, institution_id, month, warns, rule, rows)
select $1, institution_id, month, true, rule, count(*)
from delivered_warning
group by institution_id, month, rule
order by institution_id, month, rule
