"""A database that holds one made-up portfolio after the other, and the service on it, asked through HTTP."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import AbstractAsyncContextManager, AsyncExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx
import psycopg
from psycopg import sql

from intake.load import load
from tests.agreement.documents import Document
from tests.conftest import UNBOUNDED, quiet
from tests.oracle.deliveries import Portfolio
from tests.portfolios import SECRET, write

Serve = Callable[..., AbstractAsyncContextManager[httpx.AsyncClient]]

# The inquiry log stays: it is only ever added to.
TABLES = """
    select tablename from pg_tables
    where schemaname = 'public' and tablename <> 'migration' and tablename not like 'inquiry\\_%'
"""


class Bench:
    """One database; emptying it takes a third of what a new one takes, and the services keep their connections."""

    def __init__(self, url: str, serve: Serve) -> None:
        self._url = url
        self._serve = serve
        # A loop of its own: Hypothesis calls a test many times, and the services live through all of them.
        self._runner = asyncio.Runner(loop_factory=asyncio.new_event_loop)
        self._services = AsyncExitStack()
        self._clients: dict[tuple[tuple[str, str], ...], httpx.AsyncClient] = {}

    @contextmanager
    def holding(self, portfolio: Portfolio) -> Iterator[list[Path]]:
        """Hold nothing but what the portfolio's deliveries bring, and give their folders."""
        self._empty()
        with TemporaryDirectory() as folder:
            folders = write(portfolio, Path(folder))
            load(self._url, folders, secret=SECRET.encode(), progress=quiet())
            yield folders

    def _empty(self) -> None:
        with psycopg.connect(self._url) as connection:
            tables = [sql.Identifier(name) for (name,) in connection.execute(TABLES)]
            connection.execute(sql.SQL("truncate {}").format(sql.SQL(", ").join(tables)))
            connection.execute("insert into coverage default values")

    def post(self, document: Document, **environment: str) -> dict[str, Any]:
        """The response's body of a service with these settings."""
        return self._runner.run(self._post(document, environment))

    def data(self, document: Document, **environment: str) -> Any:
        """The answer's data, of a document that must not meet any error."""
        body = self.post(document, **environment)
        assert "errors" not in body, body["errors"]
        return body["data"]

    async def _post(self, document: Document, environment: dict[str, str]) -> dict[str, Any]:
        key = tuple(sorted(environment.items()))
        if key not in self._clients:
            service = self._serve(self._url, **{"BORROWGRAPH_SECRET": SECRET, **UNBOUNDED, **environment})
            self._clients[key] = await self._services.enter_async_context(service)
        response = await self._clients[key].post("/graphql", json=document._asdict())
        body: dict[str, Any] = response.json()
        return body

    def close(self) -> None:
        """Stop the services."""
        self._runner.run(self._services.aclose())
        self._runner.close()
