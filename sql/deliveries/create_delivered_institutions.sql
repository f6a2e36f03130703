-- Makes the temporary table of the institutions as they were delivered; `place` says in which file and line.
create temporary table delivered_institution (
    place bigint not null,
    code text collate "C" not null,
    name text not null,
    kind text not null
) on commit drop
