-- Makes the temporary table of the months' reports in their order, each instant once: a report that says what the one
-- before it said is a confirmation, any other is a version, in force until `superseded_at`; null: until now. `place`
-- is null where the report is stored already, `newest_at` where nothing is stored for the loan's month.
create temporary table repayment_version (
    place bigint,
    loan_id bigint not null,
    due bigint not null,
    paid bigint not null,
    balance bigint not null,
    overdue_amount bigint not null,
    reported_at timestamptz not null,
    superseded_at timestamptz,
    newest_at timestamptz,
    month date not null,
    days_past_due integer not null,
    confirms boolean not null
) on commit drop
