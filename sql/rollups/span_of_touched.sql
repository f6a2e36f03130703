-- The first and the last touched month; null where none is.
select min(month) as first, max(month) as last from touched_month
