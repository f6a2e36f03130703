"""Statements that requests share: each gets what it would have read alone, whatever becomes of the others."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import date
from hashlib import sha256
from typing import Any

import asyncpg
import pytest

from resolvers import sharing as room
from resolvers.database import Database
from resolvers.errors import Unavailable
from resolvers.sharing import FEW, MOST, READERS, Sharing
from tests.resolvers.test_database import OURS, busy, locked, one, until

NAME = "borrowers/portraits"
# Loans, lenders, inquiries, all columns of the months.
ALL = (True, True, True, [True] * 5, date(2020, 1, 1), 0, "Asia/Shanghai", None, True)
LESS = (True, False, False, [False] * 5, date.max, 0, "Asia/Shanghai", None, True)


def key(number: int) -> bytes:
    return sha256(f"demo borrower {number}".encode()).digest()


class Told:
    """Runs statements of a database, and tells which keys each was asked."""

    def __init__(self, database: Database) -> None:
        self.keys: list[list[bytes]] = []
        self._database = database

    async def __call__(self, name: str, keys: Sequence[bytes], *others: object) -> list[Any]:
        self.keys.append(list(keys))
        return list(await self._database.run(tuple, name, keys, *others))


@pytest.fixture
async def told(demo_url: str) -> AsyncIterator[Told]:
    async with Database.connect(demo_url, connections=READERS, statement_seconds=30) as database:
        yield Told(database)


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let who waits wait for as long as it takes."""
    monkeypatch.setattr(room, "LONG", 3600.0)


async def asked(sharing: Sharing, lists: Sequence[Sequence[bytes]], others: Sequence[object] = ALL) -> list[Any]:
    fetches = [sharing.fetch(NAME, keys, *others) for keys in lists]
    return list(await asyncio.gather(*fetches, return_exceptions=True))


async def begun(told: Told, sharing: Sharing) -> list[asyncio.Task[list[Any]]]:
    """Ask for five persons, one a request, and return the requests once as many read as may: the others wait."""
    tasks = [asyncio.create_task(sharing.fetch(NAME, [key(number)], *ALL)) for number in range(1, 6)]
    await until(lambda: len(told.keys) >= READERS)
    return tasks


@pytest.mark.usefixtures("patient")
async def test_requests_that_wait_share_a_statement_and_each_gets_its_own(told: Told) -> None:
    lists = [[key(1)], [key(2)], [key(3)], [bytes(32)], [key(1), key(6), bytes(32), key(3)], [key(3)], [key(6)]]

    found = await asked(Sharing(told), lists)

    assert told.keys == [lists[0], lists[1], [each for keys in lists[2:] for each in keys]]
    assert found == [await told(NAME, keys, *ALL) for keys in lists]
    assert [len({record[0] for record in records}) for records in found] == [1, 1, 1, 0, 3, 1, 1]


@pytest.mark.usefixtures("patient")
async def test_requests_that_ask_something_else_share_another_statement(told: Told) -> None:
    sharing = Sharing(told)
    lists = [[key(number)] for number in range(1, 7)]

    found = await asyncio.gather(
        *(sharing.fetch(NAME, keys, *(LESS if place % 2 else ALL)) for place, keys in enumerate(lists))
    )

    assert told.keys == [lists[0], lists[1], [key(3), key(5)], [key(4), key(6)]]
    assert found == [await told(NAME, keys, *(LESS if place % 2 else ALL)) for place, keys in enumerate(lists)]


@pytest.mark.usefixtures("patient")
async def test_request_for_many_shares_with_nobody(told: Told) -> None:
    many = [key(number) for number in range(1, FEW + 2)]

    await asked(Sharing(told), [[key(1)], [key(2)], many, [key(3)], [key(4)]])

    assert many in told.keys
    assert [key(3), key(4)] in told.keys


@pytest.mark.usefixtures("patient")
async def test_statement_has_no_more_keys_than_do_not_hold_up_others(told: Told) -> None:
    lists = [[key(number)] for number in range(1, MOST + READERS + 6)]

    found = await asked(Sharing(told), lists)

    assert list(map(len, told.keys)) == [*[1] * READERS, MOST, 5]
    assert [{record[2] for record in records} or set(keys) for records, keys in zip(found, lists, strict=True)] == [
        set(keys) for keys in lists
    ]


async def test_next_request_reads_anew(told: Told) -> None:
    sharing = Sharing(told)

    first = await asked(sharing, [[key(1)]] * 3)
    again = await asked(sharing, [[key(1)]])

    assert told.keys == [[key(1)]] * 4
    assert again == first[:1]


@pytest.mark.usefixtures("patient")
async def test_key_that_the_database_refuses_falls_on_its_request_alone(told: Told) -> None:
    broken: Any = ["no bytes"]

    *good, bad, last = await asked(Sharing(told), [[key(1)], [key(2)], [key(3)], broken, [key(4)]])

    assert [*good, last] == [await told(NAME, [key(number)], *ALL) for number in (1, 2, 3, 4)]
    assert isinstance(bad, asyncpg.DataError)


@pytest.mark.usefixtures("patient")
async def test_request_that_is_given_up_leaves_the_statement_to_the_others(demo_url: str, told: Told) -> None:
    sharing = Sharing(told)
    with locked(demo_url, "borrower"):
        tasks = await begun(told, sharing)
        # One that had its own statement, and one that waits for the next.
        tasks[0].cancel()
        tasks[3].cancel()
        await until(lambda: len(told.keys) == READERS + 1)
        tasks[4].cancel()
    found = await asyncio.gather(*tasks, return_exceptions=True)

    assert told.keys == [[key(1)], [key(2)], [key(3), key(5)]]
    assert [isinstance(one, asyncio.CancelledError) for one in found] == [True, False, False, True, True]
    assert found[1:3] == [await told(NAME, [key(number)], *ALL) for number in (2, 3)]


@pytest.mark.usefixtures("patient")
async def test_statement_ends_where_all_who_share_it_have_gone(demo_url: str, told: Told) -> None:
    sharing = Sharing(told)
    with locked(demo_url, "borrower") as watcher:
        tasks = await begun(told, sharing)
        for task in tasks[:READERS]:
            task.cancel()
        await until(lambda: len(told.keys) == READERS + 1)
        for task in tasks[READERS:]:
            task.cancel()
        # While the lock still stands: nothing but the cancelling can have ended the statement.
        await until(lambda: not busy(watcher))
    assert len(await asked(sharing, [[key(1)]])) == 1


async def test_statements_that_take_long_do_not_hold_up_those_who_wait(demo_url: str, told: Told) -> None:
    sharing = Sharing(told)
    with locked(demo_url, "borrower"):
        tasks = await begun(told, sharing)
        # While the lock still stands, and the first two statements wait for it.
        await until(lambda: len(told.keys) == READERS + 1)
    found = await asyncio.gather(*tasks)

    assert told.keys == [[key(1)], [key(2)], [key(3), key(4), key(5)]]
    assert found == [await told(NAME, [key(number)], *ALL) for number in range(1, 6)]


@pytest.mark.usefixtures("patient")
async def test_database_that_goes_is_unavailable_to_all_who_share(demo_url: str, told: Told) -> None:
    sharing = Sharing(told)
    with locked(demo_url, "borrower") as watcher:
        tasks = await begun(told, sharing)
        tasks[0].cancel()
        await until(lambda: len(told.keys) == READERS + 1)
        await until(lambda: one(watcher, f"select count(*) {OURS} and wait_event_type = 'Lock'") == READERS)
        one(watcher, f"select count(pg_terminate_backend(pid)) {OURS}")
        found = await asyncio.gather(*tasks, return_exceptions=True)

    assert [type(each) for each in found] == [asyncio.CancelledError, *[Unavailable] * 4]
