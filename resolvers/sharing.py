"""Statements that requests share: those that wait at one time for the same of other persons are answered by one."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence
from itertools import islice
from typing import Any, NamedTuple

from resolvers.errors import TimedOut, Unavailable

# Statements whose first argument has the keys, nothing else has anything of a key, and records begin with its number.
KEYED = frozenset({"borrowers/portraits"})
# Statements that read at once; who comes then waits, and shares the next one.
READERS = 2
# After so many seconds in which somebody waits another one begins: those that run may be slow.
LONG = 0.1
# Keys of one request that shares, and of all that share a statement: a longer list would hold up all others.
FEW, MOST = 4, 32

Fetch = Callable[..., Awaitable[list[Any]]]


class Asked(NamedTuple):
    """What a request waits for: a statement, the keys that are its first argument, the others, and its records."""

    name: str
    keys: Sequence[object]
    others: tuple[object, ...]
    found: "asyncio.Future[list[tuple[Any, ...]]]"

    def alike(self, other: "Asked") -> bool:
        """Tell whether one statement can answer both."""
        return self.name == other.name and self.others == other.others


class Sharing:
    """Runs statements; ``fetch`` runs one.

    Nobody joins a statement that has begun, so what a request reads is no older than the request.
    """

    def __init__(self, fetch: Fetch) -> None:
        self._fetch = fetch
        self._waiting: list[Asked] = []
        self._readers = 0
        self._timer: asyncio.TimerHandle | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    async def fetch(self, name: str, *arguments: Any) -> list[Any]:
        """Return the records of a statement; who is cancelled leaves it running for the others, if there are any."""
        if name not in KEYED or len(arguments[0]) > FEW:
            return await self._fetch(name, *arguments)
        if self._readers < READERS:
            return await self._alone(name, arguments)
        asked = Asked(name, arguments[0], arguments[1:], asyncio.get_running_loop().create_future())
        self._waiting.append(asked)
        self._watch()
        return await asked.found

    async def _alone(self, name: str, arguments: tuple[object, ...]) -> list[Any]:
        self._readers += 1
        try:
            return await self._fetch(name, *arguments)
        finally:
            self._readers -= 1
            self._go_on()

    def _go_on(self) -> None:
        while self._readers < READERS and (together := self._taken()):
            self._begin(together)

    def _watch(self) -> None:
        if self._timer is None and self._waiting:
            self._timer = asyncio.get_running_loop().call_later(LONG, self._wait_no_longer)

    def _wait_no_longer(self) -> None:
        self._timer = None
        if together := self._taken():
            self._begin(together)
        self._watch()

    def _begin(self, together: Sequence[Asked]) -> None:
        self._readers += 1
        task = asyncio.get_running_loop().create_task(self._read(together))
        self._tasks.add(task)
        task.add_done_callback(self._ended)

        def gone(_: object) -> None:
            if all(one.found.cancelled() for one in together):
                task.cancel()

        for one in together:
            one.found.add_done_callback(gone)

    def _ended(self, task: "asyncio.Task[None]") -> None:
        self._tasks.discard(task)
        self._readers -= 1
        self._go_on()

    def _taken(self) -> list[Asked]:
        """Take what one statement answers: what the oldest asks, and what is asked alike, as far as it is few keys."""
        waiting = [one for one in self._waiting if not one.found.done()]
        taken, left, keys = list[Asked](), list[Asked](), 0
        for one in waiting:
            if taken and (keys + len(one.keys) > MOST or not one.alike(taken[0])):
                left.append(one)
            else:
                taken.append(one)
                keys += len(one.keys)
        self._waiting = left
        return taken

    async def _read(self, together: Sequence[Asked]) -> None:
        first, keys = together[0], [key for one in together for key in one.keys]
        try:
            records = await self._fetch(first.name, keys, *first.others)
        except (Unavailable, TimedOut) as problem:
            _fail(together, problem)
        except Exception as error:  # noqa: BLE001 - the database refused one of them: it is not to fall on the others
            if len(together) == 1:
                _fail(together, error)
            else:
                for one in together:
                    await self._read([one])
        else:
            for one, found in zip(together, _parted(records, [len(one.keys) for one in together]), strict=True):
                if not one.found.done():
                    one.found.set_result(found)
        finally:
            for one in together:
                one.found.cancel()


def _parted(records: Sequence[Any], lengths: Sequence[int]) -> Iterator[list[tuple[Any, ...]]]:
    """Give the records of so many keys each, with the keys' numbers among these."""
    rest, before = iter(records), 0
    record = next(rest, None)
    for length in lengths:
        found = []
        while record is not None and record[0] <= before + length:
            found.append((record[0] - before, *islice(record, 1, None)))
            record = next(rest, None)
        yield found
        before += length


def _fail(together: Sequence[Asked], error: Exception) -> None:
    for one in together:
        if not one.found.done():
            one.found.set_exception(error)
