-- Removes the confirmations of loans that are versions now.
delete from loan_confirmation as stored
using loan_version as version
where version.loan_id = stored.loan_id
    and version.reported_at = stored.reported_at
    and not version.confirms
