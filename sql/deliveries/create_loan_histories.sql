-- Makes the temporary table of all reports of the loans whose versions the delivery may move: those it brings, with
-- their place, and those stored, without. `newest_at` is null where the loan is not known yet.
create temporary table loan_history (
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
    reported_at timestamptz not null
) on commit drop
