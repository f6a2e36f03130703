-- Every credential without its digest, newest first, with what is shown of it.
select
    c.id, c.prefix, c.name, c.role, i.code as institution, c.purposes, c.default_purpose, c.issued_at, c.expires_at,
    c.revoked_at, c.last_used_at, c.cost, c.cost_per_minute, c.concurrent_requests
from credential c
left join institution i on i.id = c.institution_id
order by c.id desc
