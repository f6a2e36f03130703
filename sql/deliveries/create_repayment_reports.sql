-- Makes the temporary table of the delivered repayments that are not merged at once, with the rows they stand for:
-- `loan_id` and `institution_id` are null where the loan is not known, `newest_at` where nothing is stored for the loan's
-- month, `alone` says that the delivery has no other row of its key, `repeats` that the row is the stored newest report,
-- `outside` that the month is not within the life of its loan.
create temporary table repayment_report (
    place bigint not null,
    loan_id bigint,
    institution_id integer,
    due bigint not null,
    paid bigint not null,
    balance bigint not null,
    overdue_amount bigint not null,
    reported_at timestamptz not null,
    newest_at timestamptz,
    month date not null,
    days_past_due integer not null,
    alone boolean not null,
    repeats boolean not null,
    outside boolean not null
) on commit drop
