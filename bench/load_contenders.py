"""The two contenders: `borrowgraph load` in a process of its own, and a bare COPY of the rows that it left."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread
from typing import NamedTuple

import psycopg
from psycopg import sql

CHECKOUT = Path(__file__).parents[1]
SECRET = "a secret for measurements, 32 characters long"
BLOCK = 1 << 18
WATCHED = 0.2  # seconds between two looks at the size of the data folder

# What a delivery becomes, in an order that foreign keys allow; the rows above these ids are new.
TABLES = ("institution", "borrower", "loan", "loan_superseded", "repayment", "repayment_superseded", "inquiry")
NEW = {
    "institution": "id > %(institutions)s",
    "borrower": "id > %(borrowers)s",
    "loan": "id > %(loans)s",
    "loan_superseded": "loan_id > %(loans)s",
    "repayment": "month >= %(month)s and loan_id in"
    " (select l.id from loan l join institution i on i.id = l.institution_id where i.code = %(institution)s)",
    "repayment_superseded": "false",
    "inquiry": "inquired_at >= %(since)s and"
    " institution_id = (select id from institution where code = %(institution)s)",
}


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


def dump(url: str, folder: Path, form: str, values: dict[str, object] | None = None) -> int:
    """Write the rows of each table for COPY, all or those that are new by ``values``; returns how many."""
    folder.mkdir(parents=True, exist_ok=True)
    rows = 0
    with psycopg.connect(url) as connection:
        for table in TABLES:
            where = sql.SQL(NEW[table] if values else "true")
            query = sql.SQL("copy (select * from {} where {}) to stdout (format {})").format(
                sql.Identifier(table), where, sql.SQL(form)
            )
            cursor = psycopg.ClientCursor(connection)
            with (folder / table).open("wb") as out, cursor.copy(cursor.mogrify(query, values or {})) as copy:
                for block in copy:
                    out.write(block)
            rows += cursor.rowcount
    return rows


def copy_in(url: str, folder: Path, form: str) -> float:
    """Copy the rows into the tables, all in one transaction as the loader does it; returns the seconds."""
    with psycopg.connect(url) as connection:
        start = time.monotonic()
        for table in TABLES:
            query = sql.SQL("copy {} from stdin (format {})").format(sql.Identifier(table), sql.SQL(form))
            with (folder / table).open("rb") as rows, connection.cursor().copy(query) as copy:
                while block := rows.read(BLOCK):
                    copy.write(block)
        connection.commit()
        return time.monotonic() - start
