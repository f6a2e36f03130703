-- Makes the temporary table of the loans as they were delivered; `place` says in which file and line.
create temporary table delivered_loan (
    place bigint not null,
    institution text collate "C" not null,
    number text collate "C" not null,
    product text collate "C" not null,
    principal bigint not null,
    opened_on date not null,
    due_on date,
    closed_on date,
    state text not null,
    reported_at timestamptz not null,
    subject_key bytea not null,
    -- While two secrets count: the key under which the person may be stored as well, and whether a document says so.
    other_key bytea,
    documented boolean
) on commit drop
