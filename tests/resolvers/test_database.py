"""Readings of a real database: one snapshot each, cancelled with their request, and refused in words of our own."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import asyncpg
import psycopg
import pytest

from resolvers.database import Database, Reading
from resolvers.errors import TimedOut, Unavailable
from sql.rows import CoverageRow
from tests.intake.delivering import WHOLE, deliver, loaded

PATIENCE = 20  # seconds

OURS = "from pg_stat_activity where application_name = 'borrowgraph serve' and datname = current_database()"

Statement = Callable[[str], str]


@pytest.fixture
def statement(tmp_path: Path) -> Statement:
    """Give what writes a statement into a file of its own and returns the name that the loader takes."""

    def write(text: str) -> str:
        path = tmp_path / f"{len(list(tmp_path.iterdir()))}.sql"
        path.write_text(f"-- A row.\n{text}\n")
        return str(path.with_suffix(""))

    return write


@asynccontextmanager
async def opened(url: str, connections: int = 1, statement_seconds: int = 30) -> AsyncIterator[Database]:
    async with Database.connect(url, connections=connections, statement_seconds=statement_seconds) as database:
        yield database


async def loans(reading: Reading) -> int:
    [row] = await reading.fetch(CoverageRow._make, "coverage/of_platform")
    return row.loans


async def started(work: Coroutine[Any, Any, Any], begun: Callable[[], bool]) -> asyncio.Task[Any]:
    """Start work, and return its task once what it begins is seen to have begun."""
    task = asyncio.create_task(work)
    await until(begun, task)
    return task


async def until(reached: Callable[[], bool], task: asyncio.Task[Any] | None = None) -> None:
    deadline = time.monotonic() + PATIENCE
    while not reached():
        assert time.monotonic() < deadline, "it takes too long"
        assert task is None or not task.done(), task and task.exception()
        await asyncio.sleep(0.02)


def one(connection: psycopg.Connection[Any], query: str) -> Any:
    row = connection.execute(query.encode()).fetchone()
    return row and row[0]


def waiting(connection: psycopg.Connection[Any]) -> bool:
    """Tell whether the service's statement waits for a lock."""
    return bool(one(connection, f"select count(*) {OURS} and wait_event_type = 'Lock'"))


def busy(connection: psycopg.Connection[Any]) -> bool:
    """Tell whether the service does anything in the database."""
    return bool(one(connection, f"select count(*) {OURS} and state <> 'idle'"))


@contextmanager
def locked(url: str, table: str = "coverage") -> Iterator[psycopg.Connection[Any]]:
    """Keep statements from reading a table, and give a connection to watch them by."""
    with psycopg.connect(url, autocommit=True) as watcher, psycopg.connect(url) as connection:
        connection.execute(f"lock table {table} in access exclusive mode".encode())
        yield watcher


async def test_reading_during_a_load_sees_the_same_before_and_after_its_commit(
    database_url: str, tmp_path: Path
) -> None:
    async with opened(database_url) as database:
        async with database.reading() as reading:
            before = await loans(reading)
            await asyncio.to_thread(loaded, database_url, deliver(tmp_path / "delivery", **WHOLE))
            after = await loans(reading)
        async with database.reading() as reading:
            later = await loans(reading)

    assert (before, after, later) == (0, 0, 1)


async def test_reading_records_the_statements_that_ran(demo_url: str) -> None:
    async with opened(demo_url) as database, database.reading() as reading:
        await reading.fetch(tuple, "coverage/of_platform")
        await asyncio.gather(*(reading.fetch(tuple, "coverage/horizons", [None]) for _ in range(2)))

    assert reading.statements == ["coverage/of_platform", "coverage/horizons", "coverage/horizons"]


async def test_reading_that_asks_nothing_takes_no_connection(demo_url: str) -> None:
    async with opened(demo_url) as database, database.reading(), database.reading() as reading:
        assert await loans(reading) > 0


async def test_connection_acts_as_the_role_that_reads(demo_url: str, statement: Statement) -> None:
    role = statement("select current_user::text, session_user::text, current_setting('transaction_read_only')")

    async with opened(demo_url) as database, database.reading() as reading:
        [(user, login, read_only)] = await reading.fetch(tuple, role)

    assert (user, login, read_only) == ("borrowgraph_reader", "borrowgraph", "on")


@pytest.mark.parametrize(
    "text",
    ["update coverage set loans = 0", "delete from inquiry", "create table mine ()", "truncate repayment"],
)
async def test_reading_that_writes_is_refused(demo_url: str, statement: Statement, text: str) -> None:
    async with opened(demo_url) as database, database.reading() as reading:
        with pytest.raises((asyncpg.ReadOnlySQLTransactionError, asyncpg.InsufficientPrivilegeError)):
            await reading.fetch(tuple, statement(text))


async def test_reading_after_a_failed_statement_fails_for_the_same_reason(demo_url: str, statement: Statement) -> None:
    broken = statement("select 1 / 0")

    async with opened(demo_url) as database, database.reading() as reading:
        with pytest.raises(asyncpg.DivisionByZeroError):
            await reading.fetch(tuple, broken)
        with pytest.raises(asyncpg.DivisionByZeroError):
            await loans(reading)

    assert reading.statements == []


async def test_connection_after_a_failed_statement_serves_the_next_reading(demo_url: str, statement: Statement) -> None:
    async with opened(demo_url) as database:
        async with database.reading() as reading:
            with pytest.raises(asyncpg.DivisionByZeroError):
                await reading.fetch(tuple, statement("select 1 / 0"))
        async with database.reading() as reading:
            assert await loans(reading) > 0


async def test_statement_over_its_time_is_an_error_of_ours(database_url: str) -> None:
    async with opened(database_url, statement_seconds=1) as database:
        with locked(database_url):
            async with database.reading() as reading:
                with pytest.raises(TimedOut) as caught:
                    await loans(reading)
        async with database.reading() as reading:
            assert await loans(reading) == 0

    assert caught.value.extensions == {"code": "TIMED_OUT"}


async def test_cancelled_reading_ends_its_statement_and_frees_its_connection(database_url: str) -> None:
    async def ask(database: Database) -> None:
        async with database.reading() as reading:
            await loans(reading)

    async with opened(database_url) as database:
        with locked(database_url) as watcher:
            task = await started(ask(database), lambda: waiting(watcher))
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            # While the lock still stands: nothing but the cancelling can have ended the statement.
            await until(lambda: not busy(watcher))
        async with database.reading() as reading:
            assert await loans(reading) == 0


async def test_reading_that_is_closed_cancels_what_its_loaders_still_run(database_url: str) -> None:
    async with opened(database_url) as database:
        with locked(database_url) as watcher:
            async with database.reading() as reading:
                task = await started(loans(reading), lambda: waiting(watcher))
            with pytest.raises(asyncio.CancelledError):
                await task
            assert not busy(watcher)


async def test_database_that_nobody_serves_is_unavailable() -> None:
    with pytest.raises(Unavailable) as caught:
        async with opened("postgresql://nobody@127.0.0.1:1/nothing"):
            pass

    assert caught.value.extensions == {"code": "UNAVAILABLE"}


async def test_connection_that_the_server_ends_is_unavailable_once(database_url: str) -> None:
    async with opened(database_url) as database:
        async with database.reading() as reading:
            await loans(reading)
            with psycopg.connect(database_url) as connection:
                one(connection, f"select count(pg_terminate_backend(pid)) {OURS}")
            with pytest.raises(Unavailable):
                await loans(reading)
        async with database.reading() as reading:
            assert await loans(reading) == 0


async def test_statement_that_the_server_ends_is_unavailable(database_url: str) -> None:
    async with opened(database_url) as database, database.reading() as reading:
        with locked(database_url) as watcher:
            task = await started(loans(reading), lambda: waiting(watcher))
            one(watcher, f"select count(pg_terminate_backend(pid)) {OURS}")
            with pytest.raises(Unavailable):
                await task


async def test_readings_beyond_the_servers_connections_are_unavailable(
    create: Callable[[str], str], template: str
) -> None:
    url = create(template)
    name = url.partition("?")[0].rpartition("/")[2]
    service = url.replace("//borrowgraph@", "//borrowgraph_service@")

    # This connection stays, and is counted: one that ends is counted too, for as long as its process takes to go.
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"alter database {name} connection limit 2")
        async with (
            opened(service, connections=2) as database,
            database.reading() as first,
            database.reading() as second,
        ):
            await loans(first)
            with pytest.raises(Unavailable):
                await loans(second)
