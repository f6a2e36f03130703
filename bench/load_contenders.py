"""The two contenders: `borrowgraph load` in a process of its own, and a bare COPY of the rows that it left."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from graphlib import TopologicalSorter
from pathlib import Path
from threading import Event, Thread
from typing import NamedTuple

import psycopg
from psycopg import sql

CHECKOUT = Path(__file__).parents[1]
SECRET = "a secret for measurements, 32 characters long"
BLOCK = 1 << 18
EMPTY = {"text": 0, "binary": 21}  # bytes of a file without rows
WATCHED = 0.2  # seconds between two looks at the size of the data folder

# What is reported, as opposed to what is worked out from it or noted about it.
REPORTED = (
    "institution",
    "borrower",
    "loan",
    "loan_superseded",
    "loan_confirmation",
    "repayment",
    "repayment_superseded",
    "repayment_confirmation",
    "inquiry",
)
# Every table that a load writes to: all but those that others write.
TABLES = """
    select relname::text from pg_class
    where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')
        and relname not in ('migration', 'credential', 'session') and relname not like 'inquiry\\_%'
    order by relname
"""
REFERENCES = """
    select conrelid::regclass::text, confrelid::regclass::text from pg_constraint
    where contype = 'f' and connamespace = 'public'::regnamespace and conrelid <> confrelid
"""
# The columns of a table's first unique index; every table has one.
KEYS = """
    select attname::text, case when attnotnull then '=' else 'is not distinct from' end
    from pg_index i cross join unnest(i.indkey) with ordinality as key (number, place)
    join pg_attribute a on a.attrelid = i.indrelid and a.attnum = key.number
    where i.indexrelid = (
        select min(indexrelid) from pg_index where indrelid = %s::regclass and indisunique
    )
    order by key.place
"""


class Load(NamedTuple):
    """What a load took: seconds, the loader's memory and the data folder's growth in MB, at most and in the end."""

    seconds: float
    memory: float
    peak: float
    kept: float


def load(url: str, folder: Path, data: Path) -> Load:
    """Run `borrowgraph load` of a delivery to its end."""
    environment = os.environ | {"DATABASE_URL": url, "BORROWGRAPH_SECRET": SECRET}
    command = [sys.executable, "-m", "cli", "load", str(folder)]
    before = size(data)
    with watched(data) as sizes:
        start = time.monotonic()
        process = subprocess.Popen(command, cwd=CHECKOUT, env=environment, stderr=subprocess.PIPE, text=True)
        assert process.stderr  # noqa: S101 - it is a pipe
        said = process.stderr.read()
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.monotonic() - start
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"the load failed:\n{said}")
    peak = max([*sizes, before]) - before
    return Load(seconds, usage.ru_maxrss / 1024, peak / 1e6, (size(data) - before) / 1e6)


def size(folder: Path) -> int:
    """Return the bytes of a folder's files, temporary ones too."""
    total = 0
    for root, _, names in os.walk(folder):
        for name in names:
            try:
                total += os.lstat(os.path.join(root, name)).st_blocks * 512  # noqa: PTH118 - a Path each is slow
            except FileNotFoundError:
                continue
    return total


@contextmanager
def watched(folder: Path) -> Iterator[list[int]]:
    """Give a list that gets the folder's size again and again until the end."""
    sizes: list[int] = []
    done = Event()

    def watch() -> None:
        while not done.wait(WATCHED):
            sizes.append(size(folder))

    thread = Thread(target=watch)
    thread.start()
    try:
        yield sizes
    finally:
        done.set()
        thread.join()


def transaction(url: str) -> int:
    """Return the number that the next transaction gets."""
    with psycopg.connect(url) as connection:
        [[number]] = connection.execute("select pg_snapshot_xmax(pg_current_snapshot())::text::bigint")
        return int(number)


def tables(connection: psycopg.Connection[tuple[object, ...]]) -> list[str]:
    """Name the tables that a load writes to, in an order that foreign keys allow."""
    names = [str(name) for (name,) in connection.execute(TABLES)]
    order = TopologicalSorter({name: set[str]() for name in names})
    for name, other in connection.execute(REFERENCES):
        if name in names and other in names:
            order.add(str(name), str(other))
    return list(order.static_order())


def dump(url: str, folder: Path, form: str, since: int = 0) -> dict[str, int]:
    """Write the rows of each table for COPY, those written by transactions from a number on; returns how many."""
    folder.mkdir(parents=True, exist_ok=True)
    rows = {}
    with psycopg.connect(url) as connection:
        for table in tables(connection):
            query = sql.SQL("copy (select * from {} where (xmin::text)::bigint >= {}) to stdout (format {})").format(
                sql.Identifier(table), sql.Literal(since), sql.SQL(form)
            )
            cursor = psycopg.ClientCursor(connection)
            with (folder / table).open("wb") as out, cursor.copy(query) as copy:
                for block in copy:
                    out.write(block)
            rows[table] = cursor.rowcount
    return rows


def make_room(url: str, folder: Path, form: str) -> None:
    """Remove the rows that those of the folder are newer versions of, so that these can be copied in."""
    with psycopg.connect(url) as connection:
        # Others refer to the rows that are missing for a moment.
        connection.execute("set session_replication_role to replica")
        for table in tables(connection):
            if (folder / table).stat().st_size <= EMPTY[form]:
                continue
            keys = sql.SQL(" and ").join(
                sql.SQL("old.{0} {1} new.{0}").format(sql.Identifier(str(name)), sql.SQL(same))
                for name, same in connection.execute(KEYS, [table])
            )
            name = sql.Identifier(table)
            connection.execute(sql.SQL("create temporary table newer (like {}) on commit drop").format(name))
            copy_file(connection, sql.SQL("copy newer from stdin (format {})").format(sql.SQL(form)), folder / table)
            connection.execute(sql.SQL("analyze newer"))
            connection.execute(sql.SQL("delete from {} as old using newer as new where {}").format(name, keys))
            connection.execute("drop table newer")


def copy_in(url: str, folder: Path, form: str) -> dict[str, float]:
    """Copy the rows into the tables, all in one transaction as the loader does it; returns the seconds of each table.

    The commit's are those of the table that has no name.
    """
    with psycopg.connect(url) as connection:
        seconds = copy_tables(connection, folder, tables(connection), form)
        start = time.monotonic()
        connection.commit()
        seconds[""] = time.monotonic() - start
    return seconds


def copy_tables(
    connection: psycopg.Connection[tuple[object, ...]], folder: Path, names: Sequence[str], form: str = "text"
) -> dict[str, float]:
    """Copy the rows of tables; returns the seconds of each."""
    seconds = {}
    for table in names:
        start = time.monotonic()
        query = sql.SQL("copy {} from stdin (format {})").format(sql.Identifier(table), sql.SQL(form))
        copy_file(connection, query, folder / table)
        seconds[table] = time.monotonic() - start
    return seconds


def copy_file(connection: psycopg.Connection[tuple[object, ...]], query: sql.Composed | bytes, path: Path) -> None:
    """Copy what a file holds, by a COPY that takes it."""
    with path.open("rb") as rows, connection.cursor().copy(query) as copy:
        while block := rows.read(BLOCK):
            copy.write(block)
