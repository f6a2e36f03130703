-- Adds the delivered inquiries that are not known yet.
insert into inquiry (borrower_id, inquired_at, institution_id, purpose)
select borrower_id, inquired_at, institution_id, purpose
from inquiry_report
where adds
order by borrower_id, inquired_at, institution_id, purpose
