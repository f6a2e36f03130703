-- How many borrowers and which institutions each asked month's groups have, in a set order.
-- $1 text[] what is counted: REPORTED, MOVED or OPENED
-- $2 date[] the months
-- -> FactRow
select a.slot::integer as slot, f.institution_kind, f.product, f.borrowers, f.institutions
from unnest($1::text[], $2::date[]) with ordinality as a (basis, month, slot)
join portfolio_fact f on f.basis = a.basis and f.month = a.month
order by a.slot, f.institution_kind nulls first, f.product nulls first
