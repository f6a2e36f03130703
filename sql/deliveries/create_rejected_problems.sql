-- Makes the temporary table of what is wrong with rejected rows or files, in the order in which it was found; `institution`
-- and `month` are those of the row, null where they cannot be read.
create temporary table rejected_problem (
    number integer not null,
    place bigint not null,
    column_name text,
    rule text not null,
    got text not null,
    allowed text not null,
    kind text,
    institution text,
    month date
) on commit drop
