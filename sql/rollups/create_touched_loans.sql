-- Makes the temporary table of the loans that the delivery may change.
create temporary table touched_loan (loan_id bigint primary key) on commit drop
