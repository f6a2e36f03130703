"""The pool of read-only connections: a snapshot a request, its statements recorded, the driver's errors translated."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from typing import Any, Protocol, Self, TypeVar
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import asyncpg

from resolvers.connections import Connections
from resolvers.errors import AmountTooLarge, TimedOut, Unavailable
from resolvers.sharing import Sharing
from sql.statements import statement

READER = "borrowgraph_reader"
SNAPSHOT = "begin isolation level repeatable read read only"

# What the driver raises where the server is gone, goes, or takes no more connections.
GONE = (
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,
    asyncpg.TooManyConnectionsError,
    asyncpg.InterfaceError,
    OSError,
)

# What a statement meets where migrations are missing.
UNMIGRATED = asyncpg.UndefinedTableError, asyncpg.UndefinedColumnError, asyncpg.UndefinedFunctionError

# Parameters of a libpq address that say how libpq itself connects.
LIBPQ_ONLY = frozenset(
    {
        "channel_binding", "client_encoding", "connect_timeout", "fallback_application_name", "gssencmode", "hostaddr",
        "keepalives", "keepalives_count", "keepalives_idle", "keepalives_interval", "load_balance_hosts",
        "require_auth", "requirepeer", "sslcertmode", "sslcompression", "sslsni", "tcp_user_timeout",
    }
)  # fmt: skip

Row = TypeVar("Row")


class Fetch(Protocol):
    """Runs a statement: within a request's snapshot, or as the only one that a request runs."""

    async def __call__(self, make: Callable[[Iterable[Any]], Row], name: str, *arguments: object) -> list[Row]:
        """Run ``sql/<name>.sql`` and return its rows, each made by ``make``."""


class Reading:
    """One request's view of the database: every statement of it sees the same instant.

    The connection is taken at the first statement, so that a request refused before any SQL costs none. Statements of
    one request run one after the other. ``statements`` names those that ran.
    """

    def __init__(self, pool: "Pool") -> None:
        self._pool = pool
        self._connection: Any = None
        self._turn = asyncio.Lock()
        self._running: set[asyncio.Task[Any]] = set()
        self._failure: Exception | None = None
        self.statements: list[str] = []

    async def fetch(self, make: Callable[[Iterable[Any]], Row], name: str, *arguments: object) -> list[Row]:
        """Run ``sql/<name>.sql`` and return its rows, each made by ``make`` (a row type's ``_make``)."""
        with self._cancellable():
            async with self._turn:
                # A statement that failed has ended the snapshot: what else is asked of it fails for the same reason.
                if self._failure is not None:
                    raise self._failure
                try:
                    with _translated():
                        records = await self._run(statement(name).text, arguments)
                except Exception as failure:
                    self._failure = failure
                    raise
                self.statements.append(name)
        return [make(record) for record in records]

    async def sole(self, make: Callable[[Iterable[Any]], Row], name: str, *arguments: object) -> list[Row]:
        """Run the only statement of the request: one statement sees one instant, without a transaction around it.

        Requests that wait may share it.
        """
        records = await self._pool.sharing.fetch(name, *arguments)
        self.statements.append(name)
        self._failure = RuntimeError(f"a second statement after {name}, which was to be the only one")
        return [make(record) for record in records]

    async def _run(self, text: str, arguments: tuple[object, ...]) -> list[Any]:
        if self._connection is None:
            self._connection = await self._pool.connections.take()
            await self._connection.execute(SNAPSHOT)
        records: list[Any] = await self._connection.fetch(text, *arguments)
        return records

    @contextmanager
    def _cancellable(self) -> Iterator[None]:
        # Data loaders run in tasks of their own, which outlive a request that is cancelled.
        task = asyncio.current_task()
        if task is None:
            raise RuntimeError("a statement runs in a task")
        self._running.add(task)
        try:
            yield
        finally:
            self._running.discard(task)

    async def __aenter__(self) -> Self:
        """Read from here on."""
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close."""
        await self.close()

    async def close(self) -> None:
        """Cancel what still runs, end the snapshot and give the connection back."""
        if running := self._running - {asyncio.current_task()}:
            for task in running:
                task.cancel()
            await asyncio.gather(*running, return_exceptions=True)
        connection, self._connection = self._connection, None
        if connection is None:
            return
        well = False
        try:
            # A connection that the server ended has left the pool already, and its snapshot is gone with it.
            with suppress(*GONE):
                if connection.is_in_transaction():
                    await connection.execute("rollback")
                well = True
        finally:
            await self._pool.connections.give(connection, well=well)


class Pool:
    """The connections, and the statements that run on their own, some of which requests share."""

    def __init__(self, connections: Connections) -> None:
        self.connections = connections
        self.sharing = Sharing(self.fetch)

    async def fetch(self, name: str, *arguments: object) -> list[Any]:
        """Run ``sql/<name>.sql`` outside of any snapshot, and return its records."""
        with _translated():
            connection, well = await self.connections.take(), False
            try:
                records: list[Any] = await connection.fetch(statement(name).text, *arguments)
                well = True
            finally:
                await self.connections.give(connection, well=well)
        return records


class Database:
    """The pool. Connections act as a role that reads the portfolio and nothing else, whatever login they use."""

    def __init__(self, pool: Any) -> None:
        self._pool = pool

    @classmethod
    @asynccontextmanager
    async def connect(cls, url: str, *, connections: int, statement_seconds: int) -> AsyncIterator[Self]:
        """Open up to ``connections``; statements end after ``statement_seconds``. Raises Unavailable."""
        settings = {
            "application_name": "borrowgraph serve",
            "role": READER,
            "statement_timeout": f"{statement_seconds}s",
            "idle_in_transaction_session_timeout": f"{2 * statement_seconds}s",
            "timezone": "UTC",
            # Planning over a hypertable's chunks takes longer than reading a borrower's months. A plan that is kept
            # still leaves out, when it starts, the chunks that its parameters exclude.
            "plan_cache_mode": "force_generic_plan",
        }
        try:
            pool = await asyncpg.create_pool(
                _known(url),
                min_size=1,
                max_size=connections,
                server_settings=settings,
                init=_warm,
                reset=_keep,
                timeout=statement_seconds,
            )
        except (asyncpg.PostgresError, *GONE) as error:
            raise Unavailable("The database does not answer; try again later.") from error
        try:
            yield cls(Pool(Connections(pool, connections)))
        finally:
            # A connection still busy at shutdown belongs to a request that nobody waits for any more.
            pool.terminate()

    def reading(self) -> Reading:
        """Return one request's snapshot, to be entered."""
        return Reading(self._pool)

    async def run(self, make: Callable[[Iterable[Any]], Row], name: str, *arguments: object) -> list[Row]:
        """Run ``sql/<name>.sql`` on its own, outside of any snapshot, and return its rows."""
        return [make(record) for record in await self._pool.fetch(name, *arguments)]


def _known(url: str) -> str:
    """Return a libpq address without what only libpq takes: asyncpg would send it to the server, which refuses it."""
    address = urlsplit(url)
    query = [(name, value) for name, value in parse_qsl(address.query) if name not in LIBPQ_ONLY]
    return urlunsplit(address._replace(query=urlencode(query, safe="/")))


async def _warm(connection: Any) -> None:
    """Make asyncpg look up the array types now: the first request of the connection need not wait for it."""
    await connection.prepare(statement("readiness/array_types").text)


async def _keep(connection: Any) -> None:
    """Leave a released connection as it is: asyncpg's own reset, one more round trip, drops what we never make."""


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except asyncpg.QueryCanceledError:
        raise TimedOut("The answer took longer than the platform allows; ask for less at once.") from None
    except asyncpg.NumericValueOutOfRangeError:
        raise AmountTooLarge("A sum is past what the platform counts, 2^63 - 1.") from None
    except UNMIGRATED as error:
        raise Unavailable(
            "The database's schema is not this version's; `borrowgraph migrate` brings it there."
        ) from error
    except GONE as error:
        raise Unavailable("The database does not answer; try again later.") from error
