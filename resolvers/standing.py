"""What every request needs to know of the platform without a statement of its own: read again every other second."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from time import monotonic
from typing import Generic, TypeVar

from resolvers.database import Database
from sql.credentials import SpendingRow
from sql.rows import MarketRow

Known = TypeVar("Known")

# How old, in seconds, what is known may be.
FRESH = 2.0


class Standing(Generic[Known]):
    """The newest of something that changes seldom; whoever waits for a reading shares it."""

    def __init__(self, read: Callable[[], Awaitable[Known]], clock: Callable[[], float] = monotonic) -> None:
        self._read = read
        self._clock = clock
        self._known: tuple[float, Known] | None = None
        self._reading: asyncio.Task[Known] | None = None

    async def known(self) -> Known:
        """Return what is known and no older than two seconds. Raises Unavailable."""
        if self._known is not None and self._clock() - self._known[0] < FRESH:
            return self._known[1]
        if self._reading is None:
            self._reading = asyncio.create_task(self._renewed())
            self._reading.add_done_callback(self._done)
        return await asyncio.shield(self._reading)

    async def _renewed(self) -> Known:
        at = self._clock()
        found = await self._read()
        self._known = at, found
        return found

    def _done(self, _: object) -> None:
        self._reading = None


async def market(database: Database) -> MarketRow:
    """Return how much the platform holds."""
    [row] = await database.run(MarketRow._make, "standing/market")
    return row


async def spend(
    database: Database, callers: Sequence[str], costs: Sequence[int], minutes: Sequence[int]
) -> dict[str, float]:
    """Take what callers have spent from the accounts that all workers share; return what is left to each."""
    rows = await database.run(SpendingRow._make, "standing/spend", callers, costs, minutes)
    return {row.caller: row.level for row in rows}
