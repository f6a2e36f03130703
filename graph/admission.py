"""Lets a request run: with its caller's allowance, beside no more than allowed, in its turn, no longer than allowed."""

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

# The cost from which on a request is large: some eight times that of one borrower's decision, or of the dashboard.
LARGE = 100_000


class Turn:
    """A request's turn among the large ones; a small one has it at once."""

    def __init__(self, large: asyncio.Semaphore) -> None:
        self._large, self._taken = large, False

    async def __call__(self, cost: int) -> None:
        """Wait for the turn of a request of this cost."""
        if cost >= LARGE and not self._taken:
            self._taken = await self._large.acquire()

    def end(self) -> None:
        """Let the next one begin, where the request had its turn."""
        if self._taken:
            self._large.release()


class Admission:
    """Admits requests. ``database`` is asked every other second; ``seconds`` is the time limit of one request.

    Of large ones so many run at once as ``large`` says, in the order in which they came: what is begun and not ended
    fills the memory, and small ones would wait for all of it.
    """

    def __init__(self, accounts: Accounts, database: Callable[[], Database], seconds: int, large: int) -> None:
        self._accounts = accounts
        self._database = database
        self._market = Standing(self._read, accounts.clock)
        self._seconds = seconds
        self._large = asyncio.Semaphore(large)

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
                allowance.turn = turn = Turn(self._large)
                try:
                    async with asyncio.timeout(self._seconds):
                        yield allowance
                finally:
                    turn.end()
        except TooManyRequests as problem:
            raise Refusal(429, problem.code, str(problem), {"retry-after": "1"}) from None
        except TimeoutError:
            message = f"The answer took longer than {self._seconds} seconds; ask for less at once."
            raise TimedOut(message, allowed=f"{self._seconds} seconds") from None
