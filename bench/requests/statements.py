"""How many statements one request runs, by the server's own log."""

import re
import time
from collections.abc import Callable
from pathlib import Path

import psycopg

from bench.requests.portfolio import STATE, Portfolio

# A line for every statement that ran, whichever protocol it came by; what is only parsed or bound is none.
RAN = re.compile(rb"duration: [\d.]+ ms +(?:statement|execute)")
LOG = STATE / "bench" / "requests" / "log"
REQUESTS = 5
LIMIT = 10  # seconds until the log must have the last line


def counted(asked: Portfolio, ask: Callable[[], object]) -> float:
    """Return the statements of a request once connections and plans are warm: those of five, divided."""
    for _ in range(REQUESTS):
        ask()
    with psycopg.connect(asked.url, autocommit=True) as connection:
        connection.execute("alter system set log_min_duration_statement = 0")
        connection.execute("select pg_reload_conf()")
        time.sleep(0.5)  # sessions take the setting over when they next wait for a client
        ask()
        before = _size(LOG)
        for _ in range(REQUESTS):
            ask()
        connection.execute("select 'the end'")
        deadline = time.monotonic() + LIMIT
        while b"the end" not in (new := _since(LOG, before)) and time.monotonic() < deadline:
            time.sleep(0.05)
        connection.execute("alter system reset log_min_duration_statement")
        connection.execute("select pg_reload_conf()")
    return (len(RAN.findall(new)) - 1) / REQUESTS


def _files(log: Path) -> list[Path]:
    return sorted(log.iterdir()) if log.is_dir() else [log]


def _size(log: Path) -> dict[Path, int]:
    return {file: file.stat().st_size for file in _files(log)}


def _since(log: Path, before: dict[Path, int]) -> bytes:
    found = b""
    for file in _files(log):
        with file.open("rb") as lines:
            lines.seek(before.get(file, 0))
            found += lines.read()
    return found
