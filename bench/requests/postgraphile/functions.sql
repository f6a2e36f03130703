-- What PostGraphile's documentation calls computed columns: functions of a row, here for what no table has. In PL/pgSQL
-- where they read months: it keeps plans from call to call, and planning a hypertable's chunks costs more than reading.

create schema requests;

create type requests.multi_loan as (
    loans_opened integer,
    loans_active integer,
    lenders_active integer,
    inquiries integer,
    principal_opened bigint,
    balance_at_end bigint
);

create function requests.borrower_multi_loan(b borrower, from_day date, to_day date) returns requests.multi_loan
language plpgsql stable parallel safe as $$
declare
    found requests.multi_loan;
begin
    select
        (count(*) filter (where l.opened_on >= from_day))::integer,
        count(*)::integer,
        count(distinct l.institution_id)::integer,
        (
            select count(*)::integer from inquiry i
            where i.borrower_id = b.id
                and i.inquired_at >= from_day::timestamp at time zone 'Asia/Shanghai'
                and i.inquired_at < to_day::timestamp at time zone 'Asia/Shanghai'
        ),
        coalesce(sum(l.principal) filter (where l.opened_on >= from_day), 0)::bigint,
        coalesce(sum(
            case when l.closed_on is null or l.closed_on >= to_day - 1 then coalesce((
                select r.balance from repayment r where r.loan_id = l.id and r.month < to_day order by r.month desc limit 1
            ), l.principal) end
        ), 0)::bigint
    into found
    from loan l
    where l.borrower_id = b.id and l.opened_on < to_day and (l.closed_on is null or l.closed_on >= from_day);
    return found;
end
$$;

create type requests.overdue_month as (month date, code text, overdue_amount bigint);
create type requests.overdue as (pattern text, months requests.overdue_month[]);

create function requests.code(
    month date, opened_on date, closed_on date, state text, days_past_due integer, due bigint
) returns text language sql immutable parallel safe as $$
    select case
        when month < date_trunc('month', opened_on::timestamp) or month > closed_on then '/'
        when month = date_trunc('month', closed_on::timestamp) then case state when 'SETTLED' then 'C' else 'G' end
        when days_past_due is null then '#'
        when days_past_due > 0 then least((days_past_due + 29) / 30, 7)::text
        when due > 0 then 'N'
        else '*'
    end
$$;

create function requests.loan_overdue(l loan, from_month date, to_month date) returns requests.overdue
language plpgsql stable parallel safe as $$
declare
    found requests.overdue;
begin
    select string_agg(code, '' order by month), array_agg((month, code, overdue_amount)::requests.overdue_month order by month)
    into found
    from (
        select
            m.month::date as month, r.overdue_amount,
            requests.code(m.month::date, l.opened_on, l.closed_on, l.state, r.days_past_due, r.due) as code
        from generate_series(from_month::timestamp, to_month::timestamp - interval '1 month', interval '1 month') m (month)
        left join repayment r on r.loan_id = l.id and r.month = m.month::date
            and r.month >= from_month and r.month < to_month
    ) months;
    return found;
end
$$;

-- The filter plugin has no operator for binary columns, and a list of them is no argument either.
create function requests.known_borrowers(keys text[]) returns setof borrower
language sql stable parallel safe rows 100 as $$
    select b.* from borrower b where b.subject_key = any (array(select decode(key, 'hex') from unnest(keys) key))
$$;

-- The same as of an instant.
create type requests.version as (
    id bigint, institution_id integer, product text, principal bigint, opened_on date, closed_on date, state text
);

create function requests.borrower_versions(b borrower, as_of timestamptz) returns setof requests.version
language sql stable parallel safe rows 4 as $$
    select l.id, l.institution_id, l.product, l.principal, l.opened_on, l.closed_on, l.state
    from (
        select l.id, l.institution_id, l.product, l.principal, l.opened_on, l.closed_on, l.state
        from loan l where l.borrower_id = b.id and l.reported_at <= as_of
        union all
        select l.loan_id, l.institution_id, l.product, l.principal, l.opened_on, l.closed_on, l.state
        from loan_superseded l where l.borrower_id = b.id and l.reported_at <= as_of and as_of < l.superseded_at
    ) l
    order by l.opened_on desc, l.id desc
$$;

create function requests.months_known(loan bigint, from_month date, to_month date, as_of timestamptz)
returns table (month date, due bigint, balance bigint, overdue_amount bigint, days_past_due integer)
language sql stable parallel safe as $$
    select r.month, r.due, r.balance, r.overdue_amount, r.days_past_due
    from repayment r
    where r.loan_id = loan and r.month >= from_month and r.month < to_month and r.reported_at <= as_of
    union all
    select r.month, r.due, r.balance, r.overdue_amount, r.days_past_due
    from repayment_superseded r
    where r.loan_id = loan and r.month >= from_month and r.month < to_month
        and r.reported_at <= as_of and as_of < r.superseded_at
$$;

create function requests.version_overdue(l requests.version, from_month date, to_month date, as_of timestamptz)
returns requests.overdue language plpgsql stable parallel safe as $$
declare
    found requests.overdue;
begin
    select string_agg(code, '' order by month), array_agg((month, code, overdue_amount)::requests.overdue_month order by month)
    into found
    from (
        select
            m.month::date as month, r.overdue_amount,
            requests.code(m.month::date, l.opened_on, l.closed_on, l.state, r.days_past_due, r.due) as code
        from generate_series(from_month::timestamp, to_month::timestamp - interval '1 month', interval '1 month') m (month)
        left join requests.months_known(l.id, from_month, to_month, as_of) r on r.month = m.month::date
    ) months;
    return found;
end
$$;

create function requests.borrower_multi_loan_known(b borrower, from_day date, to_day date, as_of timestamptz)
returns requests.multi_loan language plpgsql stable parallel safe as $$
declare
    found requests.multi_loan;
begin
    select
        (count(*) filter (where l.opened_on >= from_day))::integer,
        count(*)::integer,
        count(distinct l.institution_id)::integer,
        (
            select count(*)::integer from inquiry i
            where i.borrower_id = b.id and i.inquired_at <= as_of
                and i.inquired_at >= from_day::timestamp at time zone 'Asia/Shanghai'
                and i.inquired_at < to_day::timestamp at time zone 'Asia/Shanghai'
        ),
        coalesce(sum(l.principal) filter (where l.opened_on >= from_day), 0)::bigint,
        coalesce(sum(
            case when l.closed_on is null or l.closed_on >= to_day - 1 then coalesce((
                select r.balance from requests.months_known(l.id, '-infinity', to_day, as_of) r
                order by r.month desc limit 1
            ), l.principal) end
        ), 0)::bigint
    into found
    from requests.borrower_versions(b, as_of) l
    where l.opened_on < to_day and (l.closed_on is null or l.closed_on >= from_day);
    return found;
end
$$;
