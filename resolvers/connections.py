"""Connections that go from one statement to the next, past the driver's own way of giving one back: a task each."""

import asyncio
from typing import Any

# After so many seconds in which a connection was not needed the driver has it back, and closes it in time.
UNUSED = 60.0


class Connections:
    """Up to ``most`` connections of a driver's pool, the last used first.

    The pool is asked where there is none, and has back what is not well.
    """

    def __init__(self, pool: Any, most: int) -> None:
        self._pool = pool
        self._room = asyncio.Semaphore(most)
        self._idle: list[Any] = []
        # The fewest that were idle since the timer began: these nobody needed.
        self._unneeded = 0
        self._timer: asyncio.TimerHandle | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    async def take(self) -> Any:
        """Return a connection that nobody else has, once there is one; raises what connecting raises."""
        await self._room.acquire()
        try:
            while self._idle:
                one = self._idle.pop()
                self._unneeded = min(self._unneeded, len(self._idle))
                if _open(one):
                    return one
            return await self._pool.acquire()
        except BaseException:
            self._room.release()
            raise

    async def give(self, one: Any, *, well: bool) -> None:
        """Give a connection back; where it is not known to be well the driver waits until it is, or closes it."""
        try:
            if well and _open(one):
                self._idle.append(one)
                if self._timer is None:
                    self._begin()
            else:
                await self._pool.release(one)
        finally:
            self._room.release()

    def _begin(self) -> None:
        self._unneeded = len(self._idle)
        self._timer = asyncio.get_running_loop().call_later(UNUSED, self._end)

    def _end(self) -> None:
        """Give back what nobody needed."""
        unneeded, self._idle = self._idle[: self._unneeded], self._idle[self._unneeded :]
        for one in unneeded:
            task = asyncio.get_running_loop().create_task(self._pool.release(one))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        self._timer = None
        if self._idle:
            self._begin()


def _open(one: Any) -> bool:
    try:
        return not one.is_closed()
    except Exception:  # noqa: BLE001 - the driver has taken it back, as it does with one that was closed
        return False
