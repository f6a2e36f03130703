-- The migrations that the database was given, in order.
-- -> MigrationRow
select number, name, digest
from migration
order by number
