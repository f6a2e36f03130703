-- Delivered inquiries of institutions that are not known, in the delivery's order, at most a number; `total` says how many
-- there are.
-- $1 bigint most rows to give
select delivered.place, delivered.institution as got, count(*) over () as total
from delivered_inquiry as delivered
where not exists (select from institution where institution.code = delivered.institution)
order by delivered.place
limit $1
