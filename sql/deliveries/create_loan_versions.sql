-- Makes the temporary table of the loans' reports in their order, each instant once: a report that says what the one
-- before it said is a confirmation, any other is a version, in force until `superseded_at`; null: until now. `place`
-- is null where the report is stored already, `newest_at` where the loan is not.
create temporary table loan_version (
    place bigint,
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
    confirms boolean not null,
    superseded_at timestamptz
) on commit drop
