-- Makes the temporary table of the borrowers whose loans may change, or the days past due of them.
create temporary table touched_borrower (borrower_id bigint primary key) on commit drop
