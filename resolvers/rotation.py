"""Which secrets are in force: what the environment gives, beside what the database has begun."""

import asyncio
from collections.abc import Sequence
from time import monotonic

from resolvers.database import Database
from resolvers.errors import Unavailable
from sql.rows import SecretRow
from sql.secret import SecretError, Secrets, in_force

__all__ = ["Rotation", "Secrets"]

# How old, in seconds, what is known may be: so long after `borrowgraph secret begin` a worker goes on as before.
FRESH = 2.0


class Rotation:
    """Reads the begun versions again every other second at most, over a connection that no long answer holds up."""

    def __init__(self, given: Sequence[str]) -> None:
        self._given = [secret.encode() for secret in given]
        self._known: Secrets | None = None
        self._at = 0.0
        self._turn = asyncio.Lock()
        self.database: Database | None = None

    async def secrets(self) -> Secrets:
        """Return the secrets in force; Unavailable where they are not those that were given, or cannot be read."""
        if self._known is None or monotonic() - self._at >= FRESH:
            async with self._turn:
                if self._known is None or monotonic() - self._at >= FRESH:
                    await self._read()
        if self._known is None:
            raise Unavailable("The service's secrets are not the database's; try again later.")
        return self._known

    async def _read(self) -> None:
        if self.database is None:
            raise RuntimeError("the rotation has no database yet")
        at = monotonic()
        begun = await self.database.run(SecretRow._make, "secret/versions")
        self._at = at
        try:
            self._known = in_force(self._given, begun)
        except SecretError as error:
            self._known = None
            raise Unavailable("The service's secrets are not the database's; try again later.") from error
