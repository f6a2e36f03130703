-- Shuts the engine off from all files and addresses but its own temporary folder, for good.
set enable_external_access = false; set lock_configuration = true
