-- The first and the last touched month; null where none is.
select min(first) as first, max(last) as last from touched_span
