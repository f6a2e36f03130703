-- From here on statistics are made of the sample that outlasts the load, as configure_session has it; no row is read.
select set_config('default_statistics_target', '30', true)
