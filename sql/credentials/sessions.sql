-- The browsers that are signed in, in no order that means anything.
-- -> SessionRow
select digest, credential_id, expires_at
from session
where ended_at is null and expires_at > now()
order by digest
