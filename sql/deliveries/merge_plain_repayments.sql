-- Finds for each delivered repayment its loan. Loans of which every report is of a new month right after the one before, and
-- cannot seem wrong, are merged here: into the rows, the series and the counts. All reports of the other loans, and those of
-- unknown loans, are put aside, each with the stored newest report of the month, to be checked and merged.
-- $1 date first delivered month for which something may be stored; null: none
-- $2 date last delivered month for which something may be stored
with resolved as materialized (
    select
        place, loan_id, institution_id, due, paid, balance, overdue_amount, reported_at, month, days_past_due, alone,
        outside,
        -- Months that follow each other begin 28 to 31 days apart: the exact days that passed need seldom be found.
        loan_id is null
            or not alone
            or outside
            or coalesce(
                month <= last_month
                or days_past_due - before_days >= 28
                    and days_past_due - before_days
                        > (month + interval '1 month')::date - (before_month + interval '1 month')::date
                or days_past_due < before_days and paid = 0
                or month - before_month > 31
                or instalments and balance > before_balance,
                false
            )
            or days_past_due > 0 and overdue_amount = 0
            or coalesce(balance > 0 and settled_on - month between 0 and 30, false) as odd
    from (
        select
            place, loan_id, institution_id, due, paid, balance, overdue_amount, reported_at, month, days_past_due,
            outside, instalments, settled_on, last_month,
            lag(month) over months is distinct from month and lead(month) over months is distinct from month as alone,
            coalesce(lag(month) over months, last_month) as before_month,
            coalesce(lag(balance) over months, last_balance) as before_balance,
            coalesce(lag(days_past_due) over months, last_days) as before_days
        from (
            select
                delivered.place, loan.id as loan_id, loan.institution_id, delivered.due, delivered.paid,
                delivered.balance, delivered.overdue_amount, delivered.reported_at, delivered.month,
                delivered.days_past_due,
                -- Most months begin after the day of opening: the first day of that one's month need not be found.
                loan.id is not null and (
                    delivered.month < loan.opened_on and delivered.month < date_trunc('month', loan.opened_on)::date
                    or loan.closed_on is not null and delivered.month > loan.closed_on
                ) as outside,
                loan.due_on is not null as instalments,
                case when loan.state = 'SETTLED' then loan.closed_on end as settled_on,
                (known.first_month + make_interval(months => cardinality(known.due) - 1))::date as last_month,
                known.balance[cardinality(known.due)] as last_balance,
                known.days_past_due[cardinality(known.due)] as last_days
            from delivered_repayment as delivered
            left join institution on institution.code = delivered.institution
            left join loan on loan.institution_id = institution.id and loan.number = delivered.loan
            left join loan_series as known on known.loan_id = loan.id
        ) as found
        window months as (partition by loan_id order by month)
    ) as neighboured
    order by loan_id, month
),
aside as materialized (
    select distinct loan_id from resolved where odd and loan_id is not null
),
kept as (
    insert into repayment (loan_id, due, paid, balance, overdue_amount, reported_at, month, days_past_due)
    select loan_id, due, paid, balance, overdue_amount, reported_at, month, days_past_due
    from resolved
    where loan_id is not null and not exists (select from aside where aside.loan_id = resolved.loan_id)
),
packed as (
    insert into loan_series (loan_id, first_month, due, paid, balance, overdue_amount, days_past_due)
    select
        loan_id, min(month),
        array_agg(due order by month), array_agg(paid order by month), array_agg(balance order by month),
        array_agg(overdue_amount order by month), array_agg(days_past_due order by month)
    from resolved
    where loan_id is not null
    group by loan_id
    having not bool_or(odd)
    on conflict (loan_id) do update
    set due = loan_series.due || excluded.due,
        paid = loan_series.paid || excluded.paid,
        balance = loan_series.balance || excluded.balance,
        overdue_amount = loan_series.overdue_amount || excluded.overdue_amount,
        days_past_due = loan_series.days_past_due || excluded.days_past_due
),
counted as (
    insert into delivered_month (
        kind, institution_id, month, added, overdue, days, rows, rows_overdue, first_place, first_reported_at
    )
    select
        'repayments', institution_id, month, count(*), count(*) filter (where days_past_due > 0),
        sum(reported_at::date - month)
            - count(*) * ((month + interval '1 month - 1 day')::date - month),
        count(*), count(*) filter (where days_past_due > 0), min(place), min(reported_at)
    from resolved
    where loan_id is not null and not exists (select from aside where aside.loan_id = resolved.loan_id)
    group by institution_id, month
)
insert into repayment_report (
    place, loan_id, institution_id, due, paid, balance, overdue_amount, reported_at, newest_at, month, days_past_due,
    alone, repeats, outside
)
select
    resolved.place, resolved.loan_id, resolved.institution_id, resolved.due, resolved.paid, resolved.balance,
    resolved.overdue_amount, resolved.reported_at, newest.reported_at, resolved.month, resolved.days_past_due,
    resolved.alone,
    newest.loan_id is not null and (
        newest.reported_at, newest.due, newest.paid, newest.balance, newest.overdue_amount, newest.days_past_due
    ) = (
        resolved.reported_at, resolved.due, resolved.paid, resolved.balance, resolved.overdue_amount,
        resolved.days_past_due
    ),
    resolved.outside
from resolved
left join aside on aside.loan_id = resolved.loan_id
left join repayment as newest
    on newest.loan_id = resolved.loan_id and newest.month = resolved.month and newest.month between $1 and $2
where resolved.loan_id is null or aside.loan_id is not null
