-- Brings persons of whom the delivery has a document, and who are stored under their other key, to the newest secret.
-- $1 integer the version of the newest secret
update borrower
set subject_key = news.subject_key, key_version = $1
from (
    select subject_key, other_key from delivered_loan where documented
    union
    select subject_key, other_key from delivered_inquiry where documented
) as news
where borrower.subject_key = news.other_key
    and not exists (select from borrower as known where known.subject_key = news.subject_key)
