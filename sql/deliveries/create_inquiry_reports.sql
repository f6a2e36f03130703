-- Makes the temporary table of the delivered inquiries with the rows they stand for; `adds` says that the inquiry is
-- not known yet, and that this is the delivery's first row of it.
create temporary table inquiry_report (
    borrower_id bigint not null,
    inquired_at timestamptz not null,
    institution_id integer not null,
    purpose text collate "C" not null,
    adds boolean not null
) on commit drop
