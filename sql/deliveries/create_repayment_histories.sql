-- Makes the temporary table of all reports of the months whose versions the delivery may move: those it brings, with
-- their place, and those stored, without. `newest_at` is null where nothing is stored for the loan's month.
create temporary table repayment_history (
    place bigint,
    loan_id bigint not null,
    due bigint not null,
    paid bigint not null,
    balance bigint not null,
    overdue_amount bigint not null,
    reported_at timestamptz not null,
    newest_at timestamptz,
    month date not null,
    days_past_due integer not null
) on commit drop
