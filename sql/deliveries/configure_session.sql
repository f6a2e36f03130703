-- Sets the session's time zone to the platform's, in which an instant has its day.
-- $1 text the time zone
select set_config('TimeZone', $1, false) as time_zone
