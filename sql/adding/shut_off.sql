-- Shuts the engine off from all files and addresses but its own temporary folder, for good, and lets it draw no progress bar.
set enable_progress_bar = false; set enable_external_access = false; set lock_configuration = true
