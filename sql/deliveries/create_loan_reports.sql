-- Makes the temporary table of the delivered loans with the rows they stand for: `loan_id` and `newest_at` are null
-- where the loan is not known yet, `alone` says that the delivery has no other row of its key, `repeats` that the row
-- is the stored newest version.
create temporary table loan_report (
    place bigint not null,
    institution_id integer not null,
    number text collate "C" not null,
    loan_id bigint,
    newest_at timestamptz,
    borrower_id bigint not null,
    product text collate "C" not null,
    principal bigint not null,
    opened_on date not null,
    due_on date,
    closed_on date,
    state text not null,
    reported_at timestamptz not null,
    alone boolean not null,
    repeats boolean not null
) on commit drop
