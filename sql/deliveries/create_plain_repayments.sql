-- Makes the temporary table of the delivered repayments that are merged into their loans' series at once.
create temporary table plain_repayment (
    loan_id bigint not null,
    due bigint not null,
    paid bigint not null,
    balance bigint not null,
    overdue_amount bigint not null,
    reported_at timestamptz not null,
    month date not null,
    days_past_due integer not null
) on commit drop
