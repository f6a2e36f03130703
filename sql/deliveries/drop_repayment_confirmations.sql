-- Removes the confirmations of months that are versions now.
-- $1 date first delivered month
-- $2 date last delivered month
delete from repayment_confirmation as stored
using repayment_version as version
where version.loan_id = stored.loan_id
    and version.month = stored.month
    and stored.month between $1 and $2
    and version.reported_at = stored.reported_at
    and not version.confirms
