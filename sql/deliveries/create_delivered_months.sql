-- Makes the temporary table of what became of the delivered rows, by kind of file, institution and month; `months` are
-- the months of loans that are reported for the first time, of which `overdue` are overdue, and `days` those from the
-- end of a month to its earliest report, or by how much these become fewer. A key may stand several times.
-- Of repayments also: all `rows`, whatever became of them, those overdue, the first one's place and the earliest
-- report.
create temporary table delivered_month (
    kind text not null,
    institution_id integer not null,
    month date not null,
    added bigint not null default 0,
    corrected bigint not null default 0,
    older bigint not null default 0,
    unchanged bigint not null default 0,
    rejected bigint not null default 0,
    warned bigint not null default 0,
    overdue bigint not null default 0,
    days bigint not null default 0,
    rows bigint not null default 0,
    rows_overdue bigint not null default 0,
    first_place bigint,
    first_reported_at timestamptz
) on commit drop
