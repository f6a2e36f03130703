-- The months of each loan in one row, as arrays, kept by the loads beside the hypertable: a borrower's whole history is
-- as many rows as the borrower has loans, and reading it meets neither chunks nor an index entry a month.

-- Each delivery that has a month of the loan writes the row anew: half of each page is left free for that, so that the
-- index is not written to, and the old row's place is used by the next delivery.
create table loan_series (
    loan_id bigint primary key,
    first_month date not null,
    due bigint[] storage main not null,
    paid bigint[] storage main not null,
    balance bigint[] storage main not null,
    overdue_amount bigint[] storage main not null,
    days_past_due integer[] storage main not null
) with (fillfactor = 50);
comment on table loan_series is
    'The newest report of each month of a loan, a slot a calendar month from first_month to the last reported one; '
    'null where that month is not reported. What repayment holds but reported_at; kept by the loads.';

-- Arrays of more than some four years are compressed, and stay in the row. Measured on ten years of months, lz4 takes a
-- quarter of the space, half the time to add a month and the same to read; PostgreSQL's own takes five times as long.
do $$
begin
    alter table loan_series
        alter column due set compression lz4,
        alter column paid set compression lz4,
        alter column balance set compression lz4,
        alter column overdue_amount set compression lz4,
        alter column days_past_due set compression lz4;
exception when feature_not_supported then
    null;  -- a server that was built without it
end $$;

create function series_slot(month date) returns integer
language sql immutable parallel safe
return extract(year from month)::integer * 12 + extract(month from month)::integer;
comment on function series_slot is 'A month as a number: the next month has the next number.';

-- Puts values into a series, in place of what stands in their slots; between and before them it stays null.
create function series_placed(
    older anyarray, newer anyarray, slots integer[], first_slot integer, before integer
) returns anyarray
language plpgsql immutable parallel safe
as $$
declare
    series older%type := array_fill(newer[0], array[before]) || older;
begin
    for at in 1 .. cardinality(newer) loop
        series[slots[at] - first_slot + 1] := newer[at];
    end loop;
    return series;
end $$;
comment on function series_placed is
    'A series that begins so many slots before the older one, at first_slot, with the newer values in their slots.';

-- The planner writes it out where it is called; what is rare is in the function above, which it does not.
create function series_joined(
    older anyarray, newer anyarray, slots integer[], first_slot integer, before integer, follows boolean
) returns anyarray
language sql immutable parallel safe
as $$
    select case when follows then older || newer else series_placed(older, newer, slots, first_slot, before) end
$$;
comment on function series_joined is
    'As series_placed; follows says that the newer values are of consecutive months right after the older ones.';

create function reported_series(first_loan bigint, last_loan bigint, first date, last date)
returns table (
    loan_id bigint, first_month date, due bigint[], paid bigint[], balance bigint[], overdue_amount bigint[],
    days_past_due integer[]
)
language sql stable parallel safe
begin atomic
    select
        r.loan_id, r.first_month,
        series_joined('{}'::bigint[], r.due, r.slots, r.slots[1], 0, r.dense),
        series_joined('{}'::bigint[], r.paid, r.slots, r.slots[1], 0, r.dense),
        series_joined('{}'::bigint[], r.balance, r.slots, r.slots[1], 0, r.dense),
        series_joined('{}'::bigint[], r.overdue_amount, r.slots, r.slots[1], 0, r.dense),
        series_joined('{}'::integer[], r.days_past_due, r.slots, r.slots[1], 0, r.dense)
    from (
        select
            m.loan_id, min(m.month) as first_month,
            array_agg(series_slot(m.month) order by m.month) as slots,
            series_slot(max(m.month)) - series_slot(min(m.month)) + 1 = count(*) as dense,
            array_agg(m.due order by m.month) as due,
            array_agg(m.paid order by m.month) as paid,
            array_agg(m.balance order by m.month) as balance,
            array_agg(m.overdue_amount order by m.month) as overdue_amount,
            array_agg(m.days_past_due order by m.month) as days_past_due
        from repayment m
        where m.loan_id between first_loan and last_loan and m.month between first and last
        group by m.loan_id
    ) as r;
end;
comment on function reported_series is
    'The series of some loans as their rows have it; loads keep the same in loan_series, check and rebuild use this.';

insert into loan_series (loan_id, first_month, due, paid, balance, overdue_amount, days_past_due)
select s.loan_id, s.first_month, s.due, s.paid, s.balance, s.overdue_amount, s.days_past_due
from reported_span() span
cross join lateral reported_series(1, (select max(id) from loan), span.first, span.last) s
order by s.loan_id;

grant select on loan_series to borrowgraph_reader;
