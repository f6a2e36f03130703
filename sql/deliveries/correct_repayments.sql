-- Gives reported months the version that is the newest now.
-- $1 date first delivered month
-- $2 date last delivered month
update repayment
set due = version.due,
    paid = version.paid,
    balance = version.balance,
    overdue_amount = version.overdue_amount,
    reported_at = version.reported_at,
    days_past_due = version.days_past_due
from repayment_version as version
where version.loan_id = repayment.loan_id
    and version.month = repayment.month
    and repayment.month between $1 and $2
    and version.newest_at is not null
    and not version.confirms
    and version.superseded_at is null
    and version.reported_at <> repayment.reported_at
