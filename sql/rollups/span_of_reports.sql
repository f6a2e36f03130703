-- The first and the last month reported; null where nothing is.
select first, last from reported_span()
