-- Makes the temporary table of the rejected rows' raw text, by place.
create temporary table rejected_row (
    place bigint not null,
    raw text not null
) on commit drop
