-- Makes the temporary table of the repayments as they were delivered; `place` says in which file and line.
create temporary table delivered_repayment (
    place bigint not null,
    institution text collate "C" not null,
    loan text collate "C" not null,
    month date not null,
    due bigint not null,
    paid bigint not null,
    balance bigint not null,
    overdue_amount bigint not null,
    days_past_due integer not null,
    reported_at timestamptz not null
) on commit drop
