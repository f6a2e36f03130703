"""Where the handlers written by hand read, and what else they do where they are given a key: ask for it, and log."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from hashlib import sha256
from os import environ
from typing import Any
from uuid import uuid4

import asyncpg
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request

from bench.requests import floor_sql

SETTINGS = {"plan_cache_mode": "force_generic_plan", "application_name": "floor"}


class Source:
    """Two pools: one to read, one to log whom a request reads, beside the reading."""

    def __init__(self, key: str) -> None:
        self._credentials = {sha256(key.encode()).digest(): "measurements"} if key else {}
        self._reads: Any = None
        self._log: Any = None

    @asynccontextmanager
    async def opened(self, _: Starlette) -> AsyncIterator[None]:
        """Connect while the application runs."""
        async with _pool() as self._reads, _pool() as self._log:
            yield

    async def rows(self, request: Request, keys: Sequence[bytes], statement: str, *arguments: object) -> Sequence[Any]:
        """Return a statement's rows, once it is known who asks, and in the log whom they read."""
        if not self._credentials:
            return await _fetch(self._reads, statement, *arguments)
        given = request.headers.get("authorization", "").partition(" ")[2]
        caller = self._credentials.get(sha256(given.encode()).digest())
        if caller is None:
            raise HTTPException(401)
        count, document = len(keys), sha256(request.url.path.encode()).digest()
        nothing: list[None] = [None] * count
        asked = [uuid4().hex, None, caller, None, document, keys, nothing, nothing, ["SUPERVISION"] * count, nothing]
        written = asyncio.ensure_future(_fetch(self._log, floor_sql.LOG, *asked, [False] * count, 1))
        found = await _fetch(self._reads, statement, *arguments)
        await written
        return found


def _pool() -> Any:
    return asyncpg.create_pool(environ["DATABASE_URL"], min_size=1, max_size=10, server_settings=SETTINGS, reset=_keep)


async def _fetch(pool: Any, statement: str, *arguments: object) -> Sequence[Any]:
    async with pool.acquire() as connection:
        found: Sequence[Any] = await connection.fetch(statement, *arguments)
        return found


async def _keep(_: object) -> None:
    """Spare the pool's own reset: nothing is ever set."""
