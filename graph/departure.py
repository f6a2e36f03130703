"""Ends the work for a client that goes away before its answer."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from starlette.requests import ClientDisconnect
from starlette.types import Receive

Result = TypeVar("Result")

# Seconds after which it is looked whether the client is still there.
SOON = 0.5


async def while_connected(receive: Receive, work: Coroutine[Any, Any, Result]) -> Result:
    """Await the work; where the client goes away first, cancel it, let it clean up, and raise ClientDisconnect.

    Cancelled once, like any task of asyncio: a cancel scope of anyio would strike again inside the clean-up, where
    connections go back to their pool.
    """
    task = asyncio.current_task()
    gone = False

    async def watch() -> None:
        nonlocal gone
        while (await receive())["type"] != "http.disconnect":
            pass
        gone = True
        if task is not None:
            task.cancel()

    watcher: asyncio.Task[None] | None = None

    def begin() -> None:
        nonlocal watcher
        watcher = asyncio.create_task(watch())

    # Most answers are there before a task to watch would be worth its making.
    timer = asyncio.get_running_loop().call_later(SOON, begin)
    try:
        return await work
    except asyncio.CancelledError:
        # Still cancelled by somebody else, a server that stops, say: then that is what happened.
        if gone and task is not None and not task.uncancel():
            raise ClientDisconnect from None
        raise
    finally:
        timer.cancel()
        if watcher is not None:
            watcher.cancel()
