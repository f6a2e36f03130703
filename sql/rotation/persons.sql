-- How many persons are stored under keys of each version of the secret, by version.
select key_version, count(*) as persons
from borrower
group by key_version
order by key_version
