-- Keeps the delivery's rejected rows by institution, month and rule, as far as the institution is known.
-- $1 bigint the delivery
insert into delivery_month_rule (delivery_id, institution_id, month, warns, rule, rows)
select $1, institution.id, origin.month, false, problem.rule, count(distinct problem.place)
from (
    select place, institution, month from rejected_origin
    union
    select place, institution, month from rejected_problem where institution is not null and month is not null
) as origin
join institution on institution.code = origin.institution
join rejected_problem as problem on problem.place = origin.place
group by institution.id, origin.month, problem.rule
order by institution.id, origin.month, problem.rule
