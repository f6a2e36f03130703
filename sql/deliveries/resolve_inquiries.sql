-- Finds for each delivered inquiry its borrower and institution, and whether it is known.
-- $1 timestamptz the earliest delivered instant
-- $2 timestamptz the latest delivered instant
insert into inquiry_report (borrower_id, inquired_at, institution_id, purpose, adds)
select
    borrower.id, delivered.inquired_at, institution.id, delivered.purpose,
    known.borrower_id is null and row_number() over (
        partition by borrower.id, delivered.inquired_at, institution.id, delivered.purpose order by delivered.place
    ) = 1
from delivered_inquiry as delivered
join institution on institution.code = delivered.institution
join borrower on borrower.subject_key = delivered.subject_key
left join inquiry as known
    on known.borrower_id = borrower.id
    and known.inquired_at = delivered.inquired_at
    and known.institution_id = institution.id
    and known.purpose = delivered.purpose
    and known.inquired_at between $1 and $2
