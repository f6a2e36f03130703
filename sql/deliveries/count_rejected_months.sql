-- Counts the rejected rows by institution and month, as far as the institution is known.
insert into delivered_month (kind, institution_id, month, rejected)
select origin.kind, institution.id, origin.month, count(*)
from (
    select place, kind, institution, month from rejected_origin
    union
    select place, kind, institution, month from rejected_problem where institution is not null and month is not null
) as origin
join institution on institution.code = origin.institution
group by origin.kind, institution.id, origin.month
