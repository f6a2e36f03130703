-- Puts the delivered reports of a loan's month beside the stored ones, unless its only report is new or stored as it
-- is.
-- $1 date first delivered month
-- $2 date last delivered month
insert into repayment_history (
    place, loan_id, due, paid, balance, overdue_amount, reported_at, newest_at, month, days_past_due
)
with delivered as (
    select place, loan_id, due, paid, balance, overdue_amount, reported_at, newest_at, month, days_past_due
    from repayment_report
    where not (alone and (newest_at is null or repeats))
),
touched as (
    select distinct loan_id, month, newest_at from delivered where newest_at is not null
),
stored as (
    select
        touched.loan_id, version.due, version.paid, version.balance, version.overdue_amount, version.reported_at,
        'infinity'::timestamptz as superseded_at, touched.newest_at, touched.month, version.days_past_due
    from touched
    join repayment as version
        on version.loan_id = touched.loan_id and version.month = touched.month and version.month between $1 and $2
    union all
    select
        touched.loan_id, version.due, version.paid, version.balance, version.overdue_amount, version.reported_at,
        version.superseded_at, touched.newest_at, touched.month, version.days_past_due
    from touched
    join repayment_superseded as version
        on version.loan_id = touched.loan_id and version.month = touched.month and version.month between $1 and $2
)
select place, loan_id, due, paid, balance, overdue_amount, reported_at, newest_at, month, days_past_due
from delivered
union all
select null, loan_id, due, paid, balance, overdue_amount, reported_at, newest_at, month, days_past_due
from stored
union all
select
    null, stored.loan_id, stored.due, stored.paid, stored.balance, stored.overdue_amount, confirmation.reported_at,
    stored.newest_at, stored.month, stored.days_past_due
from stored
join repayment_confirmation as confirmation
    on confirmation.loan_id = stored.loan_id
    and confirmation.month = stored.month
    and confirmation.month between $1 and $2
    and confirmation.reported_at > stored.reported_at
    and confirmation.reported_at < stored.superseded_at
