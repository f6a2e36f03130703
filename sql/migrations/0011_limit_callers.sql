-- How much each credential may ask, where that is not what the settings say, and what callers have spent of it.

alter table credential
    add column cost bigint,
    add column cost_per_minute bigint,
    add column concurrent_requests integer,
    add constraint credential_cost check (cost between 0 and 1000000000000),
    add constraint credential_cost_per_minute check (cost_per_minute between 0 and 1000000000000),
    add constraint credential_concurrent_requests check (concurrent_requests between 0 and 100000);
comment on column credential.cost is 'The most that one request may cost; 0: no limit; null: what the settings say.';
comment on column credential.cost_per_minute is 'The same of all requests in a minute.';
comment on column credential.concurrent_requests is 'The most requests at once, in each worker; 0: no limit; null: what the settings say.';

-- Nothing of it is worth keeping through a crash: an account is full again after a minute.
create unlogged table spending (
    caller text collate "C" primary key,
    minute bigint not null,
    level double precision not null,
    at timestamptz not null
);
comment on table spending is 'What is left to callers of the cost that they may ask in a minute, as of an instant, over all workers.';

create function spend(callers text[], costs bigint[], minutes bigint[])
returns table (caller text, level double precision)
language sql security definer set search_path = pg_catalog, public, pg_temp
begin atomic
    delete from spending
    where spending.caller in (
        select idle.caller from spending as idle where idle.at < now() - interval '1 hour' for update skip locked
    );
    insert into spending as known (caller, minute, level, at)
    select asked.caller, asked.minute, asked.minute - asked.cost, now()
    from unnest(callers, costs, minutes) as asked (caller, cost, minute)
    order by asked.caller
    on conflict (caller) do update
    set
        minute = excluded.minute,
        level = least(
            excluded.minute,
            known.level + greatest(0, extract(epoch from now() - known.at)) * excluded.minute / 60
        ) - (excluded.minute - excluded.level),
        at = greatest(known.at, now())
    returning known.caller, known.level;
end;
comment on function spend is 'Takes what callers have spent from their accounts, lets in what has come since, and tells what is left.';

revoke execute on function spend from public;
grant execute on function spend to borrowgraph_reader;
