-- Empties all tables but that of the loans that were taken in and those that are read of it.
truncate month_change; truncate move_change; truncate cohort_change; truncate opening_change; truncate borrower_change;
truncate opener_change; truncate state_change; truncate turn_change; truncate cell; truncate member; truncate cell_set;
truncate set_block
