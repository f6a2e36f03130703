-- The log of every read of a person: appended by one function alone, and each entry sealed by a hash over the one before.

-- Eight chains, one a lane, so that requests wait for each other only where two connections share a lane. A lane's head
-- says how long its chain is: a tail that is cut off is missed.
create table inquiry_chain (
    lane integer primary key,
    entries bigint not null default 0,
    hash bytea not null default decode(repeat('00', 32), 'hex'),
    constraint inquiry_chain_lane check (lane between 0 and 7),
    constraint inquiry_chain_hash check (octet_length(hash) = 32)
);
comment on table inquiry_chain is 'The head of each lane of the inquiry log: how many entries it has, and the hash of the last.';
insert into inquiry_chain (lane) select generate_series(0, 7);

create table inquiry_log (
    id bigint generated always as identity primary key,
    lane integer not null,
    place bigint not null,
    logged_at timestamptz not null,
    request text not null,
    credential_id bigint,
    caller text not null,
    institution text collate "C",
    purpose text not null,
    consent text,
    document bytea not null,
    subject_key bytea,
    loan_id bigint,
    borrower_id bigint,
    previous bytea not null,
    hash bytea not null,
    unique (lane, place),
    constraint inquiry_log_hash check (octet_length(hash) = 32 and octet_length(previous) = 32),
    constraint inquiry_log_document check (octet_length(document) = 32),
    constraint inquiry_log_person check (subject_key is not null or loan_id is not null)
);
comment on table inquiry_log is 'Every read of a person: by whom, for whom, why, with what consent, of whom. Never changed.';
comment on column inquiry_log.document is 'SHA-256 of the GraphQL document that was sent.';
comment on column inquiry_log.loan_id is 'The loan that was asked for, where no such loan was found; null otherwise.';
comment on column inquiry_log.borrower_id is 'The person that was found; null where the platform knew none.';
create index inquiry_log_time on inquiry_log (logged_at, id);
create index inquiry_log_subject on inquiry_log (subject_key, logged_at, id);

create function keep_inquiry_log() returns trigger language plpgsql as $$
begin
    raise exception 'the inquiry log is only added to: % is refused', tg_op using errcode = 'insufficient_privilege';
end $$;
create trigger keep before update or delete or truncate on inquiry_log
    for each statement execute function keep_inquiry_log();
create trigger keep before delete or truncate on inquiry_chain
    for each statement execute function keep_inquiry_log();

-- What an entry's hash is made of: the hash before, and this JSON list in UTF-8. tests/oracle makes it on its own.
create function inquiry_entry(entry inquiry_log) returns text
language sql immutable set search_path = pg_catalog, public, pg_temp
begin atomic
    select jsonb_build_array(
        entry.lane, entry.place, to_char(entry.logged_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
        entry.request, entry.credential_id, entry.caller, entry.institution, entry.purpose, entry.consent,
        encode(entry.document, 'hex'), encode(entry.subject_key, 'hex'), entry.loan_id, entry.borrower_id
    )::text;
end;
comment on function inquiry_entry is 'The text of an entry that its hash covers.';

-- Appends an entry for each person of one request. A counting inquiry of a member about a person whom the platform does
-- not know makes the person known, as a delivered one does. Raises BG001 where nobody could be counted as inquirer.
create function log_inquiries(
    request text, credential bigint, caller text, asking text, document bytea,
    keys bytea[], loans bigint[], purposes text[], consents text[], counting boolean[]
) returns setof integer
language plpgsql security definer set search_path = pg_catalog, public, pg_temp
as $$
declare
    head inquiry_chain;
    entry inquiry_log;
    inquirer integer;
    made integer;
    added integer := 0;
begin
    if true = any (counting) then
        select i.id into inquirer from institution i where i.code = asking;
        if inquirer is null then
            raise exception 'an application is made to a member, and none asks' using errcode = 'BG001';
        end if;
        insert into borrower (subject_key, known_since)
        select distinct asked.key, now()
        from unnest(keys, counting) as asked (key, counts)
        where asked.counts and asked.key is not null
            and not exists (select from borrower known where known.subject_key = asked.key)
        order by asked.key
        on conflict do nothing;
        get diagnostics made = row_count;
        if made > 0 then
            update coverage set borrowers = borrowers + made;
        end if;
    end if;
    select * into strict head from inquiry_chain where lane = pg_backend_pid() % 8 for update;
    entry.lane := head.lane;
    entry.logged_at := clock_timestamp();
    entry.request := request;
    entry.credential_id := credential;
    entry.caller := caller;
    entry.institution := asking;
    entry.document := document;
    for entry.subject_key, entry.loan_id, entry.purpose, entry.consent, entry.borrower_id in
        select
            coalesce(asked.key, holder.subject_key),
            case when asked.key is null and holder.id is null then asked.loan end,
            asked.purpose, asked.consent, coalesce(named.id, holder.id)
        from unnest(keys, loans, purposes, consents) with ordinality as asked (key, loan, purpose, consent, slot)
        left join borrower named on named.subject_key = asked.key
        left join loan held on held.id = asked.loan
        left join borrower holder on holder.id = held.borrower_id
        group by 1, 2, 3, 4, 5
        order by min(asked.slot)
    loop
        head.entries := head.entries + 1;
        added := added + 1;
        entry.place := head.entries;
        entry.previous := head.hash;
        entry.hash := sha256(head.hash || convert_to(inquiry_entry(entry), 'UTF8'));
        head.hash := entry.hash;
        insert into inquiry_log (
            lane, place, logged_at, request, credential_id, caller, institution, purpose, consent, document,
            subject_key, loan_id, borrower_id, previous, hash
        ) values (
            entry.lane, entry.place, entry.logged_at, entry.request, entry.credential_id, entry.caller,
            entry.institution, entry.purpose, entry.consent, entry.document, entry.subject_key, entry.loan_id,
            entry.borrower_id, entry.previous, entry.hash
        );
    end loop;
    update inquiry_chain set entries = head.entries, hash = head.hash where lane = head.lane;
    if inquirer is not null then
        insert into inquiry (borrower_id, inquired_at, institution_id, purpose)
        select distinct named.id, entry.logged_at, inquirer, asked.purpose
        from unnest(keys, purposes, counting) as asked (key, purpose, counts)
        join borrower named on named.subject_key = asked.key
        where asked.counts
        on conflict do nothing;
    end if;
    return next added;
end $$;
comment on function log_inquiries is 'Appends one request''s reads of persons to the inquiry log, and counts those that others count.';

revoke execute on function log_inquiries from public;
grant execute on function log_inquiries to borrowgraph_reader;
grant select on inquiry_log to borrowgraph_reader;
