-- Adds the delivered institutions that are not known yet.
insert into institution (code, name, kind)
select delivered.code, delivered.name, delivered.kind
from (select distinct code, name, kind from delivered_institution) as delivered
where not exists (select from institution where institution.code = delivered.code)
order by delivered.code
