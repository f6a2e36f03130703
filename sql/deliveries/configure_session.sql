-- Sets the session's time zone to the platform's, in which an instant has its day, and the sample from which a table's
-- statistics are made after a load: 9,000 rows, at less than half of what PostgreSQL's 30,000 cost.
-- $1 text the time zone
select
    set_config('TimeZone', $1, false) as time_zone,
    set_config('default_statistics_target', '30', false) as statistics
