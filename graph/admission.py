"""Lets a request run: with its caller's allowance, beside no more of theirs than allowed, no longer than allowed."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial

from graph.accounts import Accounts, Allowance
from graph.request import Refusal
from resolvers.callers import Caller
from resolvers.database import Database
from resolvers.errors import TimedOut, TooManyRequests
from resolvers.standing import Standing, market, spend
from sql.rows import MarketRow


class Admission:
    """Admits requests. ``database`` is asked every other second; ``seconds`` is the time limit of one request."""

    def __init__(self, accounts: Accounts, database: Callable[[], Database], seconds: int) -> None:
        self._accounts = accounts
        self._database = database
        self._market = Standing(self._read, accounts.clock)
        self._seconds = seconds

    async def _read(self) -> MarketRow:
        database = self._database()
        await self._accounts.settle(partial(spend, database))
        return await market(database)

    @asynccontextmanager
    async def of(self, caller: Caller) -> AsyncIterator[Allowance]:
        """Surround a request. Raises Refusal with 429 for one too many, TimedOut where it takes too long.

        It is cancelled then, which cancels the statement that runs for it.
        """
        known = await self._market.known()
        try:
            with self._accounts.request(caller, known) as allowance:
                async with asyncio.timeout(self._seconds):
                    yield allowance
        except TooManyRequests as problem:
            raise Refusal(429, problem.code, str(problem), {"retry-after": "1"}) from None
        except TimeoutError:
            message = f"The answer took longer than {self._seconds} seconds; ask for less at once."
            raise TimedOut(message, allowed=f"{self._seconds} seconds") from None
