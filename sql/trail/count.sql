-- How many entries the inquiry log has.
-- -> AppendedRow
select count(*)::integer as entries from inquiry_log
