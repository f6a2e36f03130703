-- Adds the delivered inquiries that are not known yet.
-- $1 timestamptz the earliest delivered instant
-- $2 timestamptz the latest delivered instant
insert into inquiry (borrower_id, inquired_at, institution_id, purpose)
select distinct borrower.id, delivered.inquired_at, institution.id, delivered.purpose
from delivered_inquiry as delivered
join institution on institution.code = delivered.institution
join borrower on borrower.subject_key = delivered.subject_key
where not exists (
    select
    from inquiry
    where inquiry.borrower_id = borrower.id
        and inquiry.inquired_at = delivered.inquired_at
        and inquiry.institution_id = institution.id
        and inquiry.purpose = delivered.purpose
        and inquiry.inquired_at between $1 and $2
)
order by borrower.id, delivered.inquired_at, institution.id, delivered.purpose
