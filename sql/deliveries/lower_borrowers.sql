-- Lowers the instant from which known borrowers are known, where the delivery has older news of them.
update borrower
set known_since = news.known_since
from (
    select subject_key, min(known_since) as known_since
    from (
        select subject_key, reported_at as known_since from delivered_loan
        union all
        select subject_key, inquired_at from delivered_inquiry
    ) as named
    group by subject_key
) as news
where news.subject_key = borrower.subject_key and news.known_since < borrower.known_since
