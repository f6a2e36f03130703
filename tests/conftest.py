"""What tests share: a TimescaleDB of their own, databases cloned from one migrated template, and a running service."""

import io
import itertools
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import httpx
import psycopg
import pytest

from graph import service
from graph.settings import read
from intake import demo
from intake.load import load
from intake.progress import Progress
from sql import embedded
from sql.migrate import migrate

CHECKOUT = Path(__file__).parent.parent
SECRET = "a secret for tests alone, 32 characters and more"
BORROWERS = 300

# For documents that ask more at once than a caller may: what is tested with them is not how much that is.
UNBOUNDED = {
    "BORROWGRAPH_DOCUMENT_CHARACTERS": "1000000",
    "BORROWGRAPH_DOCUMENT_TOKENS": "100000",
    "BORROWGRAPH_DOCUMENT_FIELDS": "100000",
    "BORROWGRAPH_DOCUMENT_BREADTH": "10000",
    "BORROWGRAPH_DOCUMENT_ROOT_FIELDS": "1000",
    "BORROWGRAPH_DOCUMENT_ALIASES": "10000",
    "BORROWGRAPH_DOCUMENT_REPEATS": "1000",
    "BORROWGRAPH_VARIABLE_VALUES": "1000000",
    "BORROWGRAPH_COST": "0",
    "BORROWGRAPH_COST_PER_MINUTE": "0",
    "BORROWGRAPH_CONCURRENT_REQUESTS": "0",
}

Ask = Callable[..., Awaitable[dict[str, Any]]]


class Running(NamedTuple):
    """A service in a process of its own."""

    url: str


def quiet() -> Progress:
    """Return a progress that nobody sees."""
    return Progress(io.StringIO())


@pytest.fixture(scope="session")
def timescaledb() -> Iterator[embedded.Server]:
    """Give a server of the tests' own, on the programs of the checkout's state folder; it is stopped at the end."""
    state = CHECKOUT / ".borrowgraph"
    home = state / "tests" / str(os.getpid())
    home.mkdir(parents=True)
    try:
        yield embedded.start(home, durable=False, prefix=state)
    finally:
        embedded.stop(home)
        shutil.rmtree(home)


@pytest.fixture(scope="session")
def create(timescaledb: embedded.Server) -> Callable[[str], str]:
    """Give what makes a database from a template and returns its address; all go with the server."""
    numbers = itertools.count(1)

    def create(template: str) -> str:
        name = f"test_{os.getpid()}_{next(numbers)}"
        with psycopg.connect(timescaledb.url("postgres"), autocommit=True) as connection:
            connection.execute(f"create database {name} template {template}")
        return timescaledb.url(name)

    return create


@pytest.fixture(scope="session")
def template(create: Callable[[str], str]) -> str:
    """Give the name of a migrated database."""
    url = create("template0")
    migrate(url, lambda _: None)
    return url.partition("?")[0].rpartition("/")[2]


@pytest.fixture
def database_url(create: Callable[[str], str], template: str) -> str:
    """Give the address of an empty, migrated database, as its owner."""
    return create(template)


@pytest.fixture(scope="session")
def demo_template(create: Callable[[str], str], template: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Give the name of a database with a small demo in it, to which nobody connects: it can be cloned."""
    folder = tmp_path_factory.mktemp("demo") / "delivery"
    demo.write(folder, borrowers=BORROWERS)
    url = create(template)
    load(url, [folder], secret=SECRET.encode(), progress=quiet())
    return url.partition("?")[0].rpartition("/")[2]


@pytest.fixture(scope="session")
def demo_url(create: Callable[[str], str], demo_template: str) -> str:
    """Give the address of a database with a small demo in it; tests only read it."""
    return create(demo_template)


@contextmanager
def started(url: str, folder: Path, role: str = "ASSOCIATION") -> Iterator[Running]:
    """Run the service as a person starts it, on a port that the system hands out; its log goes to the folder."""
    environment = os.environ | {"DATABASE_URL": url, "BORROWGRAPH_SECRET": SECRET, "BORROWGRAPH_ROLE": role}
    command = [sys.executable, "-m", "cli", "serve", "--port", "0"]
    log = folder / "log"
    with log.open("w") as said, subprocess.Popen(command, cwd=CHECKOUT, env=environment, stderr=said) as process:
        while not (address := re.search(r"^GraphQL +(\S+)/graphql$", log.read_text(), re.MULTILINE)):
            assert process.poll() is None, log.read_text()
            time.sleep(0.05)
        yield Running(address[1])
        process.terminate()
        process.wait(timeout=30)


@pytest.fixture(scope="session")
def server(demo_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """Give the service on the demo."""
    with started(demo_url, tmp_path_factory.mktemp("server")) as running:
        yield running


@asynccontextmanager
async def serving(url: str, **environment: str) -> AsyncIterator[httpx.AsyncClient]:
    """Serve a database in this process and give an HTTP client to it, which sees everything unless told otherwise."""
    given = {"DATABASE_URL": url, "BORROWGRAPH_SECRET": SECRET, "BORROWGRAPH_ROLE": "ASSOCIATION", **environment}
    settings = read(given, Path())
    app = service.configured(settings)
    async with app.router.lifespan_context(app):
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost", timeout=120) as client:
            yield client


@pytest.fixture
def serve() -> Callable[..., AbstractAsyncContextManager[httpx.AsyncClient]]:
    """Give what serves a database and gives a client to it."""
    return serving


@pytest.fixture
async def ask(demo_url: str) -> AsyncIterator[Ask]:
    """Give what asks the demo a document and returns the response's body, without what it says of the cost."""
    async with serving(demo_url) as client:

        async def ask(document: str, **variables: object) -> dict[str, Any]:
            response = await client.post("/graphql", json={"query": document, "variables": variables})
            body: dict[str, Any] = response.json()
            body.pop("extensions", None)
            return body

        yield ask
