-- Makes the temporary table of the inquiries as they were delivered; `place` says in which file and line.
create temporary table delivered_inquiry (
    place bigint not null,
    institution text collate "C" not null,
    inquired_at timestamptz not null,
    purpose text collate "C" not null,
    subject_key bytea not null,
    -- While two secrets count: the key under which the person may be stored as well, and whether a document says so.
    other_key bytea,
    documented boolean
) on commit drop
