-- Makes the temporary table of the institutions and months of rejected rows, as far as they can be read.
create temporary table rejected_origin (
    place bigint not null,
    kind text not null,
    institution text not null,
    month date not null
) on commit drop
