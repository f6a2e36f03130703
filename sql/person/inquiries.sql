-- The inquiries about a person up to an instant, newest first.
-- $1 bigint the borrower
-- $2 timestamptz the instant
-- -> InquiryRow
select
    inquiry.inquired_at, institution.code as institution, institution.name as institution_name,
    institution.kind as institution_kind, inquiry.purpose
from inquiry
join institution on institution.id = inquiry.institution_id
where inquiry.borrower_id = $1 and inquiry.inquired_at <= $2
order by inquiry.inquired_at desc, institution.code, inquiry.purpose
