-- Makes the temporary table of what is wrong with rejected rows or files, in the order in which it was found.
create temporary table rejected_problem (
    number integer not null,
    place bigint not null,
    column_name text,
    rule text not null,
    got text not null,
    allowed text not null
) on commit drop
