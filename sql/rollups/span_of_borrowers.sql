-- The first and the last id of a borrower; null where there is none.
select min(id) as first, max(id) as last from borrower
