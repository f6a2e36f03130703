-- Makes the temporary table of the inquiries as they were delivered; `place` says in which file and line.
create temporary table delivered_inquiry (
    place bigint not null,
    institution text collate "C" not null,
    inquired_at timestamptz not null,
    purpose text collate "C" not null,
    subject_key bytea not null
) on commit drop
