-- Makes the temporary table of the loans that the delivery may change, each once. An index would cost more than it spares.
create temporary table touched_loan (loan_id bigint not null) on commit drop
