-- What was delivered, what became of it, and every row that was rejected, with the reason.
--
-- No identity number is stored: a rejected row is kept without its document's number, and without any long run of
-- digits where another value was expected.

create table delivery (
    id bigint generated always as identity primary key,
    source text not null,
    digest bytea not null,
    state text not null,
    started_at timestamptz not null,
    loaded_at timestamptz not null,
    seconds double precision not null,
    constraint delivery_state check (state in ('LOADED', 'UNCHANGED', 'REFUSED')),
    constraint delivery_digest check (octet_length(digest) = 32)
);
comment on table delivery is 'Each delivery that was read to its end: LOADED, UNCHANGED (nothing new) or REFUSED whole.';
comment on column delivery.digest is 'SHA-256 of the files: the same files have the same digest, wherever they lay.';
comment on column delivery.loaded_at is 'When the load ended, loaded or refused.';

create table delivery_count (
    delivery_id bigint not null references delivery,
    kind text not null,
    read bigint not null,
    added bigint not null,
    corrected bigint not null,
    older bigint not null,
    unchanged bigint not null,
    rejected bigint not null,
    primary key (delivery_id, kind),
    constraint delivery_count_kind check (kind in ('institutions', 'loans', 'repayments', 'inquiries'))
);
comment on table delivery_count is
    'Rows of a loaded delivery by kind of file: read = added + corrected + older + unchanged + rejected. A refused '
    'one has none.';

create table delivery_file (
    delivery_id bigint not null references delivery,
    number integer not null,
    name text not null,
    kind text not null,
    header text not null,
    primary key (delivery_id, number)
);
comment on table delivery_file is 'The files of a delivery that has rejected rows; the header is one line of CSV.';

create table delivery_reject (
    delivery_id bigint not null,
    file_number integer not null,
    line bigint not null,
    number integer not null,
    column_name text,
    rule text not null,
    got text not null,
    allowed text not null,
    raw text not null,
    primary key (delivery_id, file_number, line, number),
    foreign key (delivery_id, file_number) references delivery_file
);
comment on table delivery_reject is
    'Why a row was rejected, a row for each reason; line 0 is the file as a whole. raw is the record as CSV, in the '
    'order of the file''s header, shortened if long, without identity numbers.';

grant select on delivery, delivery_count to borrowgraph_reader;
grant select (delivery_id, number, name, kind) on delivery_file to borrowgraph_reader;
grant select (delivery_id, file_number, line, number, column_name, rule) on delivery_reject to borrowgraph_reader;
