"""A TimescaleDB that a test may kill, the load command as a process that it may kill too, and what is left of both."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
from psycopg import sql

from intake.load import LOCK
from sql import embedded
from tests.conftest import CHECKOUT, SECRET
from tests.intake.delivering import STATES

SECONDS = 60
# What is noted of deliveries, without their numbers and times.
NOTES = {
    "delivery": "select encode(digest, 'hex'), state from delivery",
    "delivery_count": """
        select d.state, c.kind, c.read, c.added, c.corrected, c.older, c.unchanged, c.rejected
        from delivery_count c join delivery d on d.id = c.delivery_id""",
    "delivery_file": """
        select d.state, f.number, f.name, f.kind, f.header
        from delivery_file f join delivery d on d.id = f.delivery_id""",
    "delivery_reject": """
        select d.state, r.file_number, r.line, r.number, r.column_name, r.rule, r.got, r.allowed, r.raw
        from delivery_reject r join delivery d on d.id = r.delivery_id""",
    "delivery_rule": """
        select d.state, r.warns, r.rule, r.rows from delivery_rule r join delivery d on d.id = r.delivery_id""",
    "delivery_warning": """
        select d.state, w.file_number, w.line, w.rule, w.got, w.usual
        from delivery_warning w join delivery d on d.id = w.delivery_id""",
    "delivery_month": """
        select d.state, i.code, m.month, m.kind, m.added, m.corrected, m.older, m.unchanged, m.rejected, m.warned
        from delivery_month m join delivery d on d.id = m.delivery_id join institution i on i.id = m.institution_id""",
    "delivery_month_rule": """
        select d.state, i.code, m.month, m.warns, m.rule, m.rows
        from delivery_month_rule m
        join delivery d on d.id = m.delivery_id join institution i on i.id = m.institution_id""",
}

Digests = dict[str, str]
Command = subprocess.Popen[str]


def until(reached: Callable[[], object]) -> None:
    """Wait for something that happens by itself, without a pause: it may be over soon."""
    deadline = time.monotonic() + SECONDS
    while not reached():
        assert time.monotonic() < deadline


@dataclass
class Cluster:
    """A server of one's own, and the number of databases made in it."""

    home: Path
    made: int = field(default=0)

    def start(self) -> embedded.Server:
        """Start the server, again if it was killed."""
        return embedded.start(self.home, prefix=CHECKOUT / ".borrowgraph", say=lambda _: None)

    def create(self, template: str = "template0") -> str:
        """Make a database and return its name."""
        self.made += 1
        name = f"made_{self.made}"
        with psycopg.connect(self.start().url("postgres"), autocommit=True) as connection:
            made = sql.SQL("create database {} template {}")
            connection.execute(made.format(sql.Identifier(name), sql.Identifier(template)))
            # Else a sequence that the template has used starts again where the template left it, if the server is
            # killed: PostgreSQL logs the numbers that one gives 32 at a time, and not those left over from the copy.
            connection.execute("checkpoint")
        return name

    def url(self, name: str) -> str:
        """Return a database's address."""
        return self.start().url(name)

    def stop(self) -> None:
        """Stop the server."""
        embedded.stop(self.home)

    def kill(self) -> None:
        """End the server and all its processes, as a power cut would."""
        parent = embedded.status(self.home).pid
        assert parent is not None
        for pid in [parent, *children(parent)]:
            end(pid)
        until(lambda: embedded.running(self.home) is None)

    def kill_backend(self, name: str) -> None:
        """End the process that serves the load of a database; the server lets nobody stay connected then."""
        with psycopg.connect(self.url(name), autocommit=True) as connection:
            row = connection.execute(
                "select pid from pg_stat_activity where application_name = 'borrowgraph load' and datname = %s", [name]
            ).fetchone()
        if row:
            end(row[0])
            until(lambda: not Path(f"/proc/{row[0]}").exists())
        until(lambda: answers(self.url(name)))


def children(parent: int) -> list[int]:
    """Return the processes that a process started."""
    stats = [path.read_text() for path in Path("/proc").glob("[0-9]*/stat")]
    return [int(stat.split(" ", 1)[0]) for stat in stats if int(stat.rpartition(")")[2].split()[1]) == parent]


def end(pid: int) -> None:
    """Kill a process that a test started, as nothing can be caught or cleaned up by."""
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


def answers(url: str) -> bool:
    """Whether the database answers, at once."""
    try:
        with psycopg.connect(url) as connection:
            return bool(connection.execute("select 1").fetchone())
    except psycopg.OperationalError:
        return False


@contextmanager
def loading(url: str, folder: Path) -> Iterator[Command]:
    """Run `borrowgraph load` in a process of its own; it is killed at the end if it still runs."""
    command = [sys.executable, "-m", "cli", "load", str(folder)]
    environment = os.environ | {"DATABASE_URL": url, "BORROWGRAPH_SECRET": SECRET}
    with subprocess.Popen(command, cwd=CHECKOUT, env=environment, stderr=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def completed(url: str, folder: Path) -> str:
    """Run `borrowgraph load` to its end, and return what it says."""
    with loading(url, folder) as process:
        _, said = process.communicate(timeout=SECONDS)
    assert process.returncode == 0, said
    return said


@contextmanager
def held_up(url: str, table: str, mode: str = "share") -> Iterator[Callable[[], None]]:
    """Lock a table so that a load waits where it first writes to it, or analyses it; gives what lets it go on.

    The table may be ``the lock``: then the load waits with everything read, before it writes anything.
    """
    holder = psycopg.connect(url)
    try:
        if table == "the lock":
            holder.execute("select pg_advisory_xact_lock(%s)", [LOCK])
        else:
            holder.execute(sql.SQL("lock table {} in " + mode + " mode").format(sql.Identifier(table)))
        yield holder.close
    finally:
        holder.close()


def waiting(url: str) -> int:
    """How many loads of the database wait for a lock."""
    with psycopg.connect(url, autocommit=True) as connection:
        found = connection.execute(
            "select from pg_stat_activity where application_name = 'borrowgraph load' and wait_event_type = 'Lock'"
            " and datname = current_database()"
        )
        return found.rowcount


def digests(url: str) -> Digests:
    """What the database holds, ids and order left out: a digest of each table's rows, in words that need neither."""
    with psycopg.connect(url) as connection:
        return {name: _digest(connection, query) for name, query in (STATES | NOTES).items()}


def _digest(connection: psycopg.Connection[tuple[object, ...]], query: str) -> str:
    lines = "select count(*) || ' ' || md5(coalesce(string_agg(r::text, e'\\n' order by r::text), '')) from "
    [[digest]] = connection.execute(f"{lines} ({query}) r".encode()).fetchall()
    return str(digest)
