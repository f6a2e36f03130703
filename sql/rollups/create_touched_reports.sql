-- Makes the temporary table of the reports of the touched months, and of those beside them, by sign as in touched_loan;
-- began and ended say that the loan is not reported in the month before and after, as far as that may have changed.
create temporary table touched_report (
    sign smallint not null,
    borrower_id bigint not null,
    cell_id integer not null,
    opened_on date not null,
    month date not null,
    days_past_due integer not null,
    balance bigint not null,
    overdue_amount bigint not null,
    later_days integer,
    touched boolean not null,
    begins boolean not null,
    began boolean not null,
    ended boolean not null
) on commit drop
