-- Makes the temporary table of the touched borrowers' loans, before the merge (sign -1) and after it (sign 1).
create temporary table touched_loan (
    sign smallint not null,
    borrower_id bigint not null,
    loan_id bigint not null,
    cell_id integer not null,
    institution_id integer not null,
    opened_on date not null,
    closed_on date,
    principal bigint not null
) on commit drop
