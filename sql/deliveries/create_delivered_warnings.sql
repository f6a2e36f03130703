-- Makes the temporary table of the delivered rows that a warning names.
create temporary table delivered_warning (
    place bigint not null,
    kind text not null,
    institution_id integer not null,
    month date not null,
    rule text not null,
    got text not null,
    usual text not null
) on commit drop
