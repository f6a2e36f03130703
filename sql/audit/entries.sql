-- Every entry of the inquiry log, by lane and place.
select
    lane, place, logged_at, request, credential_id, caller, institution, purpose, consent, document, subject_key,
    loan_id, borrower_id, previous, hash
from inquiry_log
order by lane, place, id
