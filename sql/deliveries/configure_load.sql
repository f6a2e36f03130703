-- Gives this transaction the memory that its sorts and temporary tables need; no row is read.
select
    set_config('work_mem', '128MB', true),
    set_config('temp_buffers', '256MB', true),
    set_config('jit', 'off', true),
    -- A loan has few months: sorting each loan's by themselves takes twice as long as sorting all.
    set_config('enable_incremental_sort', 'off', true),
    set_config('default_statistics_target', '10', true)
