-- Adds the borrowers whom the delivery is the first to name.
insert into borrower (subject_key, known_since, key_version)
select
    named.subject_key, min(named.known_since),
    (select coalesce(max(version), 1) from secret_version)
from (
    select subject_key, reported_at as known_since from delivered_loan
    union all
    select subject_key, inquired_at from delivered_inquiry
) as named
where not exists (select from borrower where borrower.subject_key = named.subject_key)
group by named.subject_key
order by named.subject_key
