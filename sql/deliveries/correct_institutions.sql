-- Gives known institutions the name and kind that were delivered last.
update institution
set name = delivered.name, kind = delivered.kind
from (select distinct code, name, kind from delivered_institution) as delivered
where delivered.code = institution.code
    and (delivered.name, delivered.kind) is distinct from (institution.name, institution.kind)
