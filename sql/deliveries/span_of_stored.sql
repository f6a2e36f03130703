-- The first and the last of the delivered months for which something of their institution is stored; null where all are
-- new.
select min(delivered.month) as first, max(delivered.month) as last
from (select institution, month from delivered_repayment group by institution, month) as delivered
join institution on institution.code = delivered.institution
join institution_month as known
    on known.institution_id = institution.id and known.month = delivered.month and known.reported > 0
