-- The first and the last id of a loan; null where there is none.
select min(id) as first, max(id) as last from loan
