-- Makes the temporary table of the borrowers some of whose months may change, with the first and the last of these.
create temporary table touched_span (borrower_id bigint primary key, first date not null, last date not null)
on commit drop
