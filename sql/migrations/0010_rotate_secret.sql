-- Versions of the platform's secret: which of them each subject key was made with, and what tells them apart.

create table secret_version (
    version integer primary key,
    mark bytea not null unique,
    begun_at timestamptz not null default now(),
    sole_since timestamptz,
    constraint secret_version_number check (version >= 1),
    constraint secret_version_mark check (octet_length(mark) = 32)
);
comment on table secret_version is 'The versions of the platform''s secret, from the first rotation on: of each a keyed mark, never the secret.';
comment on column secret_version.sole_since is 'Since when keys of the version before do not count any more; null during the overlap.';
grant select on secret_version to borrowgraph_reader;

-- A constant default: no row is rewritten.
alter table borrower add column key_version integer not null default 1;
comment on column borrower.key_version is 'The version of the secret that subject_key was made with.';

-- A person's entries under earlier keys of theirs are found by the person.
create index inquiry_log_borrower on inquiry_log (borrower_id, logged_at, id);

-- As the one of 0008, but for persons who may be stored under either of two keys, and with the version that new keys are
-- of. Who is meant is found once: while it runs, a key may give way to the next version's.
create function log_inquiries(
    request text, credential bigint, caller text, asking text, document bytea,
    keys bytea[], others bytea[], loans bigint[], purposes text[], consents text[], counting boolean[], under integer
) returns setof integer
language plpgsql security definer set search_path = pg_catalog, public, pg_temp
as $$
declare
    head inquiry_chain;
    entry inquiry_log;
    inquirer integer;
    made integer;
    persons bigint[];
    added integer := 0;
begin
    if true = any (counting) then
        select i.id into inquirer from institution i where i.code = asking;
        if inquirer is null then
            raise exception 'an application is made to a member, and none asks' using errcode = 'BG001';
        end if;
        insert into borrower (subject_key, known_since, key_version)
        select distinct asked.key, now(), under
        from unnest(keys, others, counting) as asked (key, other, counts)
        where asked.counts and asked.key is not null
            and not exists (select from borrower known where known.subject_key = asked.key)
            and not exists (select from borrower known where known.subject_key = asked.other)
        order by asked.key
        on conflict do nothing;
        get diagnostics made = row_count;
        if made > 0 then
            update coverage set borrowers = borrowers + made;
        end if;
    end if;
    select array_agg(coalesce(named.id, former.id, held.borrower_id) order by asked.slot) into persons
    from unnest(keys, others, loans) with ordinality as asked (key, other, loan, slot)
    left join borrower named on named.subject_key = asked.key
    left join borrower former on former.subject_key = asked.other
    left join loan held on held.id = asked.loan;
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
            coalesce(person.subject_key, asked.key),
            case when asked.key is null and person.id is null then asked.loan end,
            asked.purpose, asked.consent, person.id
        from unnest(keys, loans, purposes, consents, persons) with ordinality
            as asked (key, loan, purpose, consent, person, slot)
        left join borrower person on person.id = asked.person
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
        select distinct asked.person, entry.logged_at, inquirer, asked.purpose
        from unnest(persons, purposes, counting) as asked (person, purpose, counts)
        where asked.counts and asked.person is not null
        on conflict do nothing;
    end if;
    return next added;
end $$;
comment on function log_inquiries(
    text, bigint, text, text, bytea, bytea[], bytea[], bigint[], text[], text[], boolean[], integer
) is 'Appends one request''s reads of persons to the inquiry log, and counts those that others count.';

-- For services of the version before, which know one secret.
create or replace function log_inquiries(
    request text, credential bigint, caller text, asking text, document bytea,
    keys bytea[], loans bigint[], purposes text[], consents text[], counting boolean[]
) returns setof integer
language sql security definer set search_path = pg_catalog, public, pg_temp
begin atomic
    select logged.entries
    from log_inquiries(
        request, credential, caller, asking, document, keys, array_fill(null::bytea, array[cardinality(keys)]), loans,
        purposes, consents, counting, 1
    ) as logged (entries);
end;

revoke execute on function log_inquiries(
    text, bigint, text, text, bytea, bytea[], bytea[], bigint[], text[], text[], boolean[], integer
) from public;
grant execute on function log_inquiries(
    text, bigint, text, text, bytea, bytea[], bytea[], bigint[], text[], text[], boolean[], integer
) to borrowgraph_reader;
