-- Gives this transaction the memory that its sorts and temporary tables need; no row is read.
select
    set_config('work_mem', '128MB', true),
    set_config('temp_buffers', '64MB', true),
    set_config('jit', 'off', true)
