-- Removes the older versions of months that are no longer in force in the same span.
-- $1 date first delivered month
-- $2 date last delivered month
delete from repayment_superseded as stored
using (select distinct loan_id, month from repayment_version where newest_at is not null) as touched
where touched.loan_id = stored.loan_id
    and touched.month = stored.month
    and stored.month between $1 and $2
    and not exists (
        select
        from repayment_version as version
        where version.loan_id = stored.loan_id
            and version.month = stored.month
            and version.reported_at = stored.reported_at
            and version.superseded_at = stored.superseded_at
            and not version.confirms
    )
