-- Removes the older versions of loans that are no longer in force in the same span.
delete from loan_superseded as stored
using (select distinct loan_id from loan_version where loan_id is not null) as touched
where touched.loan_id = stored.loan_id
    and not exists (
        select
        from loan_version as version
        where version.loan_id = stored.loan_id
            and version.reported_at = stored.reported_at
            and version.superseded_at = stored.superseded_at
            and not version.confirms
    )
