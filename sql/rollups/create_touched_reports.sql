-- Makes the temporary table of the reports of the touched months, and of those beside them.
create temporary table touched_report (
    borrower_id bigint not null,
    loan_id bigint not null,
    cell_id integer not null,
    opened_on date not null,
    month date not null,
    days_past_due integer not null,
    balance bigint not null,
    overdue_amount bigint not null,
    touched boolean not null,
    begins boolean not null
) on commit drop
