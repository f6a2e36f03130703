-- The versions of the platform's secret that were begun, oldest first; none before the first rotation.
-- -> SecretRow
select version, mark, begun_at, sole_since
from secret_version
order by version
