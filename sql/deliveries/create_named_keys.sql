-- Makes the temporary table of the subject keys that a delivery names while two secrets count, and what each is stored as.
create temporary table named_key (
    subject_key bytea primary key,
    stored_key bytea not null
) on commit drop
