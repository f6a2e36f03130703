-- Gives known loans the version that is the newest now.
update loan
set borrower_id = version.borrower_id,
    product = version.product,
    principal = version.principal,
    opened_on = version.opened_on,
    due_on = version.due_on,
    closed_on = version.closed_on,
    state = version.state,
    reported_at = version.reported_at
from loan_version as version
where version.loan_id = loan.id
    and not version.confirms
    and version.superseded_at is null
    and version.reported_at <> loan.reported_at
