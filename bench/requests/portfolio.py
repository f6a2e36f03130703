"""The portfolio that is asked: the demo, loaded as any delivery."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

import psycopg

from intake import demo
from sql import embedded
from sql.migrate import migrate
from sql.postmaster import postmaster

CHECKOUT = Path(__file__).parents[2]
STATE = CHECKOUT / ".borrowgraph"
SECRET = "a secret for measurements, 32 characters long"
REPAYMENTS_PER_BORROWER = 29.55  # of the demo
LOADED = 1_000_000  # repayments that come through the door, at most; what is more are copies


class Portfolio(NamedTuple):
    """A database with so many repayments: its server and that one's first process, its borrowers, and those loaded."""

    server: embedded.Server
    database: str
    repayments: int
    borrowers: int
    loaded: int
    process: int = 0

    @property
    def url(self) -> str:
        """Its owner's address."""
        return self.server.url(self.database)

    def key(self, number: int) -> bytes:
        """Return the subject key of a borrower, by a number from 0; numbers that follow each other lie far apart."""
        place = number * 7919 % self.borrowers
        original = sha256(f"demo borrower {place % self.loaded + 1}".encode()).digest()
        copy = place // self.loaded
        return sha256(original + copy.to_bytes(4)).digest() if copy else original


@contextmanager
def portfolio(repayments: int, say: Callable[[str], None]) -> Iterator[Portfolio]:
    """Serve a portfolio of about so many repayments, at most LOADED; it is kept for the next time."""
    home = STATE / "bench" / "requests"
    home.mkdir(parents=True, exist_ok=True)
    server = embedded.start(home, prefix=STATE, say=say)
    try:
        name = f"repayments_{repayments}"
        if not _complete(server, name):
            _make(server, name, repayments, home, say)
        migrate(server.url(name), say)
        yield _found(server, postmaster(home) or 0, name)
    finally:
        embedded.stop(home)


def _complete(server: embedded.Server, name: str) -> bool:
    with psycopg.connect(server.url("postgres"), autocommit=True) as connection:
        query = "select shobj_description(oid, 'pg_database') = 'complete' from pg_database where datname = %s"
        row = connection.execute(query, [name]).fetchone()
        if row and not row[0]:
            connection.execute(f"drop database {name} with (force)".encode())
        return bool(row and row[0])


def _make(server: embedded.Server, name: str, repayments: int, home: Path, say: Callable[[str], None]) -> None:
    with psycopg.connect(server.url("postgres"), autocommit=True) as connection:
        connection.execute(f"create database {name}".encode())
    url, folder = server.url(name), home / "demo"
    migrate(url, say)
    demo.write(folder, borrowers=int(repayments / REPAYMENTS_PER_BORROWER))
    _run(url, "load", str(folder))
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("vacuum analyze")
        connection.execute("checkpoint")
    with psycopg.connect(server.url("postgres"), autocommit=True) as connection:
        connection.execute(f"comment on database {name} is 'complete'".encode())


def issued(url: str) -> str:
    """Return a key that was made for these measurements."""
    rights = ["--name", "measurements", "--role", "ASSOCIATION", "--default-purpose", "SUPERVISION", "--days", "1"]
    return _run(url, "access", "issue", *rights).strip()


def _run(url: str, *arguments: str) -> str:
    environment = os.environ | {"DATABASE_URL": url, "BORROWGRAPH_SECRET": SECRET}
    command = [sys.executable, "-m", "cli", *arguments]
    return subprocess.run(command, cwd=CHECKOUT, env=environment, check=True, stdout=subprocess.PIPE, text=True).stdout


def _found(server: embedded.Server, process: int, name: str) -> Portfolio:
    with psycopg.connect(server.url(name)) as connection:
        [(rows, borrowers)] = connection.execute("select (select count(*) from repayment), count(*) from borrower")
    return Portfolio(server, name, rows, borrowers, borrowers, process)
