"""Connections of a real pool: kept between statements, never more than allowed, replaced where they are gone."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any, NamedTuple

import asyncpg
import psycopg
import pytest

from resolvers import connections
from resolvers.connections import Connections
from tests.resolvers.test_database import until

MOST = 2


class Held(NamedTuple):
    """Connections, and the driver's pool under them."""

    ours: Connections
    pool: Any


@pytest.fixture
async def held(database_url: str) -> AsyncIterator[Held]:
    service = database_url.replace("//borrowgraph@", "//borrowgraph_service@")
    pool = await asyncpg.create_pool(service, min_size=0, max_size=MOST)
    yield Held(Connections(pool, MOST), pool)
    pool.terminate()


async def process(held: Held) -> int:
    """Return the number of the server's process that a statement runs in."""
    one, well = await held.ours.take(), False
    try:
        number = int(await one.fetchval("select pg_backend_pid()"))
        well = True
    finally:
        await held.ours.give(one, well=well)
    return number


async def test_statements_one_after_the_other_run_in_one_connection(held: Held) -> None:
    assert len({await process(held) for _ in range(5)}) == 1
    assert held.pool.get_size() == 1


async def test_statements_at_once_run_in_no_more_connections_than_allowed(held: Held) -> None:
    numbers = await asyncio.gather(*(process(held) for _ in range(20)))

    assert len({*numbers}) == MOST


async def test_who_waits_has_the_connection_that_is_given_back(held: Held) -> None:
    first, second = await held.ours.take(), await held.ours.take()
    waiting = [asyncio.create_task(held.ours.take()) for _ in range(2)]
    await asyncio.sleep(0)
    assert not any(task.done() for task in waiting)

    waiting[0].cancel()
    await held.ours.give(second, well=True)

    assert await waiting[1] is second
    await held.ours.give(first, well=True)
    assert await held.ours.take() is first


async def test_connection_that_the_server_ended_is_replaced(held: Held, database_url: str) -> None:
    before = await process(held)
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("select pg_terminate_backend(%s)", (before,))
    await until(lambda: held.pool.get_size() == 0)

    assert await process(held) != before


async def test_connection_whose_statement_was_given_up_is_well_again_or_gone(held: Held) -> None:
    async def slow() -> None:
        one = await held.ours.take()
        try:
            await one.fetchval("select pg_sleep(60)")
        finally:
            await held.ours.give(one, well=False)

    for _ in range(MOST + 1):
        task = asyncio.create_task(slow())
        await asyncio.sleep(0.1)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    assert await asyncio.gather(*(process(held) for _ in range(5)))


async def test_connecting_that_fails_leaves_room_for_the_next(held: Held, database_url: str) -> None:
    name = database_url.partition("?")[0].rpartition("/")[2]
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute(f"alter database {name} connection limit 0")
        for _ in range(MOST + 1):
            with pytest.raises(asyncpg.TooManyConnectionsError):
                await held.ours.take()
        connection.execute(f"alter database {name} connection limit -1")

    assert await process(held)


async def test_connection_that_nobody_needs_goes_back_to_the_driver(
    held: Held, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "UNUSED", 0.01)
    one, other = await held.ours.take(), await held.ours.take()
    await held.ours.give(one, well=True)
    await held.ours.give(other, well=True)
    assert held.pool.get_idle_size() == 0

    await until(lambda: held.pool.get_idle_size() == MOST)

    assert await process(held)
