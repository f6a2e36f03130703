-- Institutions, borrowers, loans with their versions, monthly repayments, inquiries, and what the platform covers.
--
-- A table named after a noun holds the newest version of each row, so that ordinary queries never meet history.
-- `<noun>_superseded` holds the older versions, each with the instant at which a newer one was reported: at an
-- instant t the version in force is the one with reported_at <= t, and t < superseded_at where that column exists.
-- Amounts are whole minor units (fen). A month is its first day.

create extension if not exists timescaledb;

create table institution (
    id integer generated always as identity primary key,
    code text collate "C" not null unique,
    name text not null,
    kind text not null,
    constraint institution_kind check (kind in (
        'INTERNET_PLATFORM', 'CONSUMER_FINANCE', 'MICROLOAN', 'GUARANTEE', 'INSURANCE', 'BANK', 'OTHER'
    ))
);
comment on table institution is 'A member that reports loans or asks about borrowers.';

create table borrower (
    id bigint generated always as identity primary key,
    subject_key bytea not null unique,
    known_since timestamptz not null,
    constraint borrower_subject_key check (octet_length(subject_key) = 32)
);
comment on table borrower is 'A person, known only by a keyed hash of an identity document.';
comment on column borrower.known_since is 'When the first report or inquiry that names the person was made.';

create table loan (
    id bigint generated always as identity primary key,
    borrower_id bigint not null references borrower,
    institution_id integer not null references institution,
    number text collate "C" not null,
    product text collate "C" not null,
    principal bigint not null,
    opened_on date not null,
    due_on date,
    closed_on date,
    state text not null,
    reported_at timestamptz not null,
    unique (institution_id, number),
    constraint loan_principal check (principal >= 0),
    constraint loan_state check (state in ('ACTIVE', 'SETTLED', 'WRITTEN_OFF', 'TRANSFERRED')),
    constraint loan_closing check ((state = 'ACTIVE') = (closed_on is null) and closed_on >= opened_on)
);
comment on table loan is 'The newest reported version of each loan; its number is the institution''s own.';
create index loan_borrower on loan (borrower_id, opened_on, id);

create table loan_superseded (
    loan_id bigint not null references loan,
    borrower_id bigint not null references borrower,
    institution_id integer not null references institution,
    product text collate "C" not null,
    principal bigint not null,
    opened_on date not null,
    due_on date,
    closed_on date,
    state text not null,
    reported_at timestamptz not null,
    superseded_at timestamptz not null,
    primary key (loan_id, reported_at),
    constraint loan_superseded_order check (reported_at < superseded_at)
);
comment on table loan_superseded is 'Versions of loans that a newer report replaced; reachable through asOf.';
create index loan_superseded_borrower on loan_superseded (borrower_id);

-- Twelve-month chunks: measured fastest of the row layouts for one borrower. No foreign key to loan: a trigger a row
-- would cost more than the rest of a load, and the only writer joins every row to its loan before it inserts it.
create table repayment (
    loan_id bigint not null,
    due bigint not null,
    paid bigint not null,
    balance bigint not null,
    overdue_amount bigint not null,
    reported_at timestamptz not null,
    month date not null,
    days_past_due integer not null,
    primary key (loan_id, month),
    constraint repayment_month check (extract(day from month) = 1),
    constraint repayment_amounts check (
        due >= 0 and paid >= 0 and balance >= 0 and overdue_amount >= 0 and days_past_due >= 0
    )
);
comment on table repayment is 'The newest report of each loan and month.';
select create_hypertable(
    'repayment', by_range('month', interval '12 months'), create_default_indexes => false
);

create table repayment_superseded (
    loan_id bigint not null,
    due bigint not null,
    paid bigint not null,
    balance bigint not null,
    overdue_amount bigint not null,
    reported_at timestamptz not null,
    superseded_at timestamptz not null,
    month date not null,
    days_past_due integer not null,
    primary key (loan_id, month, reported_at),
    constraint repayment_superseded_order check (reported_at < superseded_at)
);
comment on table repayment_superseded is 'Reports of months that a newer report replaced; reachable through asOf.';
select create_hypertable(
    'repayment_superseded', by_range('month', interval '12 months'), create_default_indexes => false
);

-- A later report that says what the version in force says already changes nothing, but it is remembered: should an
-- older, different version arrive late and fall between the two, the later word still stands.
create table loan_confirmation (
    loan_id bigint not null references loan,
    reported_at timestamptz not null,
    primary key (loan_id, reported_at)
);
comment on table loan_confirmation is 'When a later report repeated the version of a loan then in force; loads read it.';

create table repayment_confirmation (
    loan_id bigint not null,
    reported_at timestamptz not null,
    month date not null,
    primary key (loan_id, month, reported_at)
);
comment on table repayment_confirmation is 'When a later report repeated the version of a month then in force; loads read it.';
select create_hypertable(
    'repayment_confirmation', by_range('month', interval '12 months'), create_default_indexes => false
);

create table inquiry (
    borrower_id bigint not null,
    inquired_at timestamptz not null,
    institution_id integer not null,
    purpose text collate "C" not null,
    primary key (borrower_id, inquired_at, institution_id, purpose)
);
comment on table inquiry is 'Who asked about whom, when, and for what purpose.';
select create_hypertable(
    'inquiry', by_range('inquired_at', interval '12 months'), create_default_indexes => false
);

-- A month is known from its earliest report on, whichever version that was: the horizon at any instant is one look
-- into this small table.
create table reported_month (
    month date primary key,
    first_reported_at timestamptz not null
);
comment on table reported_month is 'The months for which anything was ever reported, each with its earliest report.';

create table coverage (
    sole boolean primary key default true check (sole),
    borrowers bigint not null default 0,
    loans bigint not null default 0,
    repayments bigint not null default 0,
    institutions integer not null default 0
);
comment on table coverage is 'What the platform holds, newest versions only; kept by the loads, in their transactions.';
insert into coverage default values;

-- What answers queries reads, and nothing else. Logins are the operator's; they become members of this role.
do $$
begin
    create role borrowgraph_reader nologin;
exception when duplicate_object or unique_violation then
    null;  -- roles belong to the server: another database of it has made this one
end $$;
grant usage on schema public to borrowgraph_reader;
grant select on
    institution, borrower, loan, loan_superseded, repayment, repayment_superseded, inquiry, reported_month, coverage,
    migration
to borrowgraph_reader;
