-- Makes the temporary table of the borrowers' months that may change.
create temporary table touched_month (borrower_id bigint, month date, primary key (borrower_id, month)) on commit drop
