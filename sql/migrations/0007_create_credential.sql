-- Credentials of callers, the browsers signed in with them, and the little that the service may write of either.

create table credential (
    id bigint generated always as identity primary key,
    prefix text collate "C" not null unique,
    digest bytea not null,
    name text not null,
    role text not null,
    institution_id integer references institution,
    purposes text[] not null,
    default_purpose text,
    replaces bigint,
    issued_at timestamptz not null default now(),
    expires_at timestamptz not null,
    revoked_at timestamptz,
    last_used_at timestamptz,
    constraint credential_digest check (octet_length(digest) = 32),
    constraint credential_name check (length(name) between 1 and 100),
    constraint credential_role check (role in ('DASHBOARD', 'ANALYST', 'INSTITUTION', 'ASSOCIATION')),
    constraint credential_institution check (
        case role when 'INSTITUTION' then institution_id is not null when 'ASSOCIATION' then institution_id is null else true end
    ),
    constraint credential_default_purpose check (default_purpose is null or default_purpose = any (purposes)),
    constraint credential_expiry check (expires_at > issued_at)
);
comment on table credential is 'Keys that callers hold: of each only its prefix, which is no secret, and the SHA-256 of the whole.';
comment on column credential.institution_id is 'The member that it belongs to; null for the association''s own.';
comment on column credential.replaces is 'The credential that it was rotated from.';
comment on column credential.last_used_at is 'To the minute; null where it was never used.';

create table session (
    digest bytea primary key,
    credential_id bigint not null references credential,
    opened_at timestamptz not null default now(),
    expires_at timestamptz not null,
    ended_at timestamptz,
    constraint session_digest check (octet_length(digest) = 32)
);
comment on table session is 'Browsers signed in: the SHA-256 of what a cookie holds, and the credential that it stands for.';
create index session_expiry on session (expires_at);

-- The service writes no table. It may call these, each of which does one thing for credentials that count.
create function note_use(credentials bigint[], instants timestamptz[]) returns setof bigint
language sql security definer set search_path = pg_catalog, public, pg_temp
begin atomic
    update credential
    set last_used_at = least(used.instant, now())
    from unnest(credentials, instants) as used (id, instant)
    where credential.id = used.id
        and (credential.last_used_at is null or credential.last_used_at < used.instant - interval '30 seconds')
    returning credential.id;
end;
comment on function note_use is 'Notes when credentials were last used, not more often than every 30 seconds each.';

create function open_session(digest bytea, credential bigint) returns setof timestamptz
language sql security definer set search_path = pg_catalog, public, pg_temp
begin atomic
    delete from session where expires_at < now() - interval '30 days';
    insert into session (digest, credential_id, expires_at)
    select open_session.digest, id, least(expires_at, now() + interval '8 hours')
    from credential
    where id = open_session.credential and revoked_at is null and expires_at > now()
    returning expires_at;
end;
comment on function open_session is 'Signs a browser in for at most 8 hours, and forgets sessions that ended a month ago.';

create function end_session(digest bytea) returns setof timestamptz
language sql security definer set search_path = pg_catalog, public, pg_temp
begin atomic
    update session
    set ended_at = now()
    where session.digest = end_session.digest and ended_at is null
    returning ended_at;
end;
comment on function end_session is 'Signs a browser out.';

revoke execute on function note_use, open_session, end_session from public;
grant execute on function note_use, open_session, end_session to borrowgraph_reader;
grant select on credential, session to borrowgraph_reader;
