-- The inquiry log by one statement a request: its entries are worked out and written together; only the chain is a loop.

-- As before, but open to the planner, which writes it into the statement that asks: it is stable, as to_char is, and names
-- what it is made of once and for all, so it needs no search_path.
create or replace function inquiry_entry(entry inquiry_log) returns text
language sql stable
begin atomic
    select jsonb_build_array(
        entry.lane, entry.place, to_char(entry.logged_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
        entry.request, entry.credential_id, entry.caller, entry.institution, entry.purpose, entry.consent,
        encode(entry.document, 'hex'), encode(entry.subject_key, 'hex'), entry.loan_id, entry.borrower_id
    )::text;
end;

-- As the one of 0010, entry for entry and byte for byte. Who is meant is found by one statement, before the lane is held:
-- while it runs, a key may give way to the next version's.
create or replace function log_inquiries(
    request text, credential bigint, caller text, asking text, document bytea,
    keys bytea[], others bytea[], loans bigint[], purposes text[], consents text[], counting boolean[], under integer
) returns setof integer
language plpgsql security definer set search_path = pg_catalog, public, pg_temp
as $$
declare
    head inquiry_chain;
    inquirer integer;
    made integer;
    added integer;
    logged timestamptz;
    found_keys bytea[];
    missing bigint[];
    reasons text[];
    consented text[];
    persons bigint[];
    counted boolean[];
    sealed bytea[];
    hashes bytea[];
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
    select
        count(*), array_agg(read.key order by read.slot), array_agg(read.loan order by read.slot),
        array_agg(read.purpose order by read.slot), array_agg(read.consent order by read.slot),
        array_agg(read.person order by read.slot), array_agg(read.counts order by read.slot)
    into added, found_keys, missing, reasons, consented, persons, counted
    from (
        select
            coalesce(named.subject_key, former.subject_key, holder.subject_key, asked.key) as key,
            case
                when asked.key is null and coalesce(named.id, former.id, holder.id) is null then asked.loan
            end as loan,
            asked.purpose, asked.consent, coalesce(named.id, former.id, holder.id) as person,
            bool_or(asked.counts) as counts, min(asked.slot) as slot
        from unnest(keys, others, loans, purposes, consents, counting) with ordinality
            as asked (key, other, loan, purpose, consent, counts, slot)
        left join borrower named on named.subject_key = asked.key
        left join borrower former on former.subject_key = asked.other
        left join loan held on held.id = asked.loan
        left join borrower holder on holder.id = held.borrower_id
        group by 1, 2, 3, 4, 5
    ) read;
    select * into strict head from inquiry_chain where lane = pg_backend_pid() % 8 for update;
    logged := clock_timestamp();
    select array_agg(
        convert_to(
            inquiry_entry(row(
                null, head.lane, head.entries + read.slot, logged, request, credential, caller, asking, read.purpose,
                read.consent, document, read.key, read.loan, read.person, null, null
            )::inquiry_log),
            'UTF8'
        )
        order by read.slot
    )
    into sealed
    from unnest(found_keys, missing, reasons, consented, persons) with ordinality
        as read (key, loan, purpose, consent, person, slot);
    hashes[0] := head.hash;
    for slot in 1..added loop
        hashes[slot] := sha256(hashes[slot - 1] || sealed[slot]);
    end loop;
    insert into inquiry_log (
        lane, place, logged_at, request, credential_id, caller, institution, purpose, consent, document,
        subject_key, loan_id, borrower_id, previous, hash
    )
    select
        head.lane, head.entries + read.slot, logged, request, credential, caller, asking, read.purpose, read.consent,
        document, read.key, read.loan, read.person, read.previous, read.hash
    from unnest(found_keys, missing, reasons, consented, persons, hashes[0:added - 1], hashes[1:added]) with ordinality
        as read (key, loan, purpose, consent, person, previous, hash, slot)
    order by read.slot;
    update inquiry_chain set entries = head.entries + added, hash = hashes[added] where lane = head.lane;
    if inquirer is not null then
        insert into inquiry (borrower_id, inquired_at, institution_id, purpose)
        select distinct read.person, logged, inquirer, read.purpose
        from unnest(persons, reasons, counted) as read (person, purpose, counts)
        where read.counts and read.person is not null
        on conflict do nothing;
    end if;
    return next added;
end $$;
