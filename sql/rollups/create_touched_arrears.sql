-- Makes the temporary table of all reports with days past due of the touched borrowers, by sign as in touched_loan.
create temporary table touched_arrear (
    sign smallint not null,
    borrower_id bigint not null,
    loan_id bigint not null,
    cell_id integer not null,
    institution_id integer not null,
    opened_on date not null,
    month date not null,
    days_past_due integer not null
) on commit drop
