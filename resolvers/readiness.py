"""Whether questions can be answered now: the database answers, and its schema is this version's."""

from resolvers.database import Database
from sql.migration import MigrationError, unapplied
from sql.rows import MigrationRow


async def missing(database: Database) -> str:
    """Return what is missing, empty where nothing is. Raises Unavailable where the database does not answer."""
    async with database.reading() as reading:
        rows = await reading.fetch(MigrationRow._make, "readiness/migrations")
    try:
        pending = unapplied(rows)
    except MigrationError as error:
        return str(error)
    return f"migrations to apply: {', '.join(migration.name for migration in pending)}" if pending else ""
