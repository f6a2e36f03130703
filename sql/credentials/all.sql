-- Every credential that was ever issued, the revoked and the expired too, by number.
-- -> CredentialRow
select
    c.id, c.prefix, c.digest, c.name, c.role, i.code as institution, c.purposes, c.default_purpose, c.expires_at,
    c.revoked_at, c.cost, c.cost_per_minute, c.concurrent_requests
from credential c
left join institution i on i.id = c.institution_id
order by c.id
