-- Finds the delivered reports that are the newest of their loan's month now and seem wrong, each beside the report of
-- the loan's last reported month before. Of the loans that were put aside; before their series are kept.
insert into delivered_warning (place, kind, institution_id, month, rule, got, usual)
with touched as (
    select
        place, loan_id, institution_id, month, paid, balance, overdue_amount, days_past_due, reported_at,
        false as corrects
    from repayment_report
    where alone and newest_at is null
    union all
    select
        version.place, version.loan_id, loan.institution_id, version.month, version.paid, version.balance,
        version.overdue_amount, version.days_past_due, version.reported_at, version.newest_at is not null
    from repayment_version as version
    join loan on loan.id = version.loan_id
    where version.place is not null and not version.confirms and version.superseded_at is null
),
lagging as (
    select
        place, loan_id, institution_id, month, paid, balance, overdue_amount, days_past_due, reported_at, corrects,
        lag(month) over months as before_month,
        lag(balance) over months as before_balance,
        lag(days_past_due) over months as before_days
    from touched
    window months as (partition by loan_id order by month)
),
beside as (
    select
        report.place, report.institution_id, report.month, report.paid, report.balance, report.overdue_amount,
        report.days_past_due, report.reported_at, report.corrects, loan.state, loan.closed_on,
        loan.due_on is not null as instalments,
        greatest(report.before_month, stored.month) as before_month,
        case when stored.month > report.before_month or report.before_month is null then stored.balance
            else report.before_balance end as before_balance,
        case when stored.month > report.before_month or report.before_month is null then stored.days_past_due
            else report.before_days end as before_days
    from lagging as report
    join loan on loan.id = report.loan_id
    left join loan_series as known
        on known.loan_id = report.loan_id
        and known.first_month < report.month
        and (report.before_month is null or report.month - report.before_month > 31)
    left join lateral (
        select
            (known.first_month + make_interval(months => slot - 1))::date as month,
            known.balance[slot] as balance, known.days_past_due[slot] as days_past_due
        from generate_series(
            least(cardinality(known.due), series_slot(report.month) - series_slot(known.first_month)), 1, -1
        ) as slots (slot)
        where known.due[slot] is not null
        order by slot desc
        limit 1
    ) as stored on true
),
-- What is cheap to tell stands before what is exact: months that follow each other begin 28 to 31 days apart.
judged as (
    select
        place, institution_id, month, paid, balance, overdue_amount, days_past_due, reported_at, before_month,
        before_balance, before_days,
        (month + interval '1 month')::date - (before_month + interval '1 month')::date as passed,
        days_past_due > 0 and overdue_amount = 0 as without_amount,
        days_past_due - before_days >= 28
            and days_past_due - before_days
                > (month + interval '1 month')::date - (before_month + interval '1 month')::date as too_fast,
        days_past_due < before_days and paid = 0 and month - before_month <= 31 as unpaid,
        month - before_month > 31 as gap,
        instalments and balance > before_balance as grows,
        corrects and reported_at >= month + interval '4 months' as restated,
        balance > 0 and state = 'SETTLED' and closed_on - month between 0 and 30
            and month = date_trunc('month', closed_on) as settled
    from beside
)
select judged.place, 'repayments', judged.institution_id, judged.month, warning.rule, warning.got, warning.usual
from judged
cross join lateral (
    select
        'DAYS_WITHOUT_AMOUNT' as rule,
        days_past_due || ' days past due, overdue_amount 0' as got,
        'an amount where there are days' as usual
    where without_amount
    union all
    select
        'DAYS_TOO_FAST',
        days_past_due || ' days past due, ' || before_days || ' in ' || to_char(before_month, 'YYYY-MM'),
        'at most ' || before_days + passed || ', as ' || passed || ' days passed'
    where too_fast
    union all
    select
        'DAYS_FELL_UNPAID',
        days_past_due || ' days past due and nothing paid, ' || before_days || ' in ' || to_char(before_month, 'YYYY-MM'),
        'a payment where the days become fewer'
    where unpaid
    union all
    select
        'MONTHS_MISSING',
        to_char(month, 'YYYY-MM') || ' after ' || to_char(before_month, 'YYYY-MM'),
        'a report of every month between'
    where gap
    union all
    select
        'BALANCE_GREW',
        'balance ' || to_char(balance / 100.0, 'FM999999999999990.00') || ' after '
            || to_char(before_balance / 100.0, 'FM999999999999990.00') || ' in ' || to_char(before_month, 'YYYY-MM'),
        'a balance that falls, as the loan has a due_on'
    where grows
    union all
    select
        'OLD_MONTH_RESTATED',
        to_char(month, 'YYYY-MM') || ' corrected on ' || to_char(reported_at, 'YYYY-MM-DD'),
        'corrections within three months after the month''s end'
    where restated
    union all
    select
        'SETTLED_WITH_BALANCE',
        'balance ' || to_char(balance / 100.0, 'FM999999999999990.00') || ' in the month of settlement',
        'a balance of 0 in the month in which a loan is settled'
    where settled
) as warning
where without_amount or too_fast or unpaid or gap or grows or restated or settled
