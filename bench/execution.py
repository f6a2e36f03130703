"""The two executors side by side, on the demo: in this process, and through HTTP on loopback, in turn, medians.

    python -m bench.execution [--rounds 15]

Processor time is the service's own, without PostgreSQL's; it is what a busy machine disturbs least.
"""

import argparse
import asyncio
import http.client
import os
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any, NamedTuple

import orjson

from graph.context import Context
from graph.limits import Limits
from graph.schema import executed_by
from graph.settings import EXECUTORS
from graph.tokens import Tokens
from resolvers.callers import Role, local
from resolvers.database import Database
from resolvers.disclosure import Viewer
from resolvers.loaders import Loaders
from resolvers.logbook import Logbook
from resolvers.publication import Thresholds
from resolvers.rotation import Secrets
from resolvers.trail import Trail

VIEWER = Viewer(local(Role.ASSOCIATION, None), Thresholds(10, 3))
SECRET = "a secret for measurements alone, 32 characters and more"
CHECKOUT = Path(__file__).parent.parent
FIGURES = "loansOpened loansActive lendersActive inquiries principalOpened balanceAtEnd"


def windows(*months: int) -> str:
    """Return a borrower's multi-loan figures over trailing windows of so many months."""
    return " ".join(f'last{length}: multiLoan(window: {{last: "P{length}M"}}) {{ {FIGURES} }}' for length in months)


class Workload(NamedTuple):
    """A document, and how many borrowers it is asked about."""

    text: str
    borrowers: int

    def body(self) -> dict[str, Any]:
        """Return the request's body."""
        by = [
            {"subjectKey": sha256(f"demo borrower {number}".encode()).hexdigest()}
            for number in range(1, self.borrowers + 1)
        ]
        return {"query": self.text, "variables": {"by": by if self.borrowers > 1 else by[0]}}


LOANS_OF_ONE = 'loans { nodes { id overdue(window: {last: "P24M"}) { pattern months { month code overdueAmount } } } }'
LOANS_OF_MANY = 'loans { nodes { repayments(window: {last: "P24M"}) { month due paid balance daysPastDue code } } }'
WORKLOADS = {
    "A": Workload(
        f"query A($by: BorrowerKey!) {{ borrower(by: $by) {{ id {windows(1, 3, 6, 12)} {LOANS_OF_ONE} }} }}", 1
    ),
    "B": Workload(f"query B($by: [BorrowerKey!]!) {{ borrowers(by: $by) {{ id {LOANS_OF_MANY} }} }}", 100),
    "C": Workload(
        f"query C($by: [BorrowerKey!]!) {{ borrowers(by: $by) {{ id {windows(1, 2, 3, 6, 9, 12, 18, 24)} }} }}", 1_000
    ),
}

Ask = Callable[[str, dict[str, Any]], Awaitable[bytes]]
Samples = dict[tuple[str, str], list[float]]


def in_process(database: Database) -> Ask:
    """Return what asks an executor without HTTP, each time with a snapshot and loaders of its own."""
    tokens, schemas = Tokens(SECRET), {name: executed_by(name) for name in EXECUTORS}

    async def ask(executor: str, body: dict[str, Any]) -> bytes:
        async with database.reading() as reading:
            loaders = Loaders(reading, time_zone="Asia/Shanghai", viewer=VIEWER)
            trail = Trail(Logbook(database), "bench", VIEWER.caller, bytes(32))
            context = Context(loaders, tokens, Limits(600, 1_000), Secrets((SECRET.encode(),)), VIEWER.caller, trail)
            result = await schemas[executor].execute(body["query"], body["variables"], context)
            await trail.written()
        return orjson.dumps({"data": result.data, "errors": result.errors})

    return ask


@contextmanager
def served(executor: str, url: str) -> Iterator[http.client.HTTPConnection]:
    """Serve the database in a process of its own, and give a connection to it."""
    environment = os.environ | {
        "DATABASE_READER_URL": url, "BORROWGRAPH_SECRET": SECRET, "BORROWGRAPH_EXECUTOR": executor,
        "BORROWGRAPH_ROLE": "ASSOCIATION",
        "BORROWGRAPH_COST_PER_MINUTE": "0",
    }  # fmt: skip
    command = [sys.executable, "-m", "cli", "serve", "--port", "0"]
    with TemporaryFile("w+") as said, subprocess.Popen(command, cwd=CHECKOUT, env=environment, stderr=said) as process:
        while not (found := re.search(r"^GraphQL +http://([^/]+)/graphql$", _read(said), re.MULTILINE)):
            if process.poll() is not None:
                raise SystemExit(_read(said))
            time.sleep(0.05)
        try:
            yield http.client.HTTPConnection(found[1], timeout=120)
        finally:
            process.terminate()


def _read(file: Any) -> str:
    file.seek(0)
    return str(file.read())


def through_http(connections: Mapping[str, http.client.HTTPConnection]) -> Ask:
    """Return what asks the service of an executor."""

    async def ask(executor: str, body: dict[str, Any]) -> bytes:
        connection = connections[executor]
        connection.request("POST", "/graphql", orjson.dumps(body), {"content-type": "application/json"})
        answer = connection.getresponse().read()
        # The other executor's turn may outlast the time that the service keeps an idle connection.
        connection.close()
        return answer

    return ask


async def measured(ask: Ask, rounds: int) -> tuple[Samples, Samples]:
    """Return milliseconds and, of them, this process's own, of each workload and executor, asked in turn."""
    elapsed: Samples = {(name, executor): [] for name in WORKLOADS for executor in EXECUTORS}
    busy: Samples = {key: [] for key in elapsed}
    for name, workload in WORKLOADS.items():
        body = workload.body()
        answers = [await ask(executor, body) for executor in EXECUTORS]
        if answers[0] != answers[1]:
            raise SystemExit(f"{name}: the executors' answers differ")
        for number in range(rounds if workload.borrowers < 1_000 else max(3, rounds // 5)):  # noqa: PLR2004 - C is slow
            for executor in EXECUTORS if number % 2 else reversed(EXECUTORS):
                start, own = time.perf_counter(), time.process_time()
                await ask(executor, body)
                elapsed[name, executor].append((time.perf_counter() - start) * 1_000)
                busy[name, executor].append((time.process_time() - own) * 1_000)
    return elapsed, busy


def table(title: str, samples: Samples) -> None:
    """Print a line a workload: medians in milliseconds, and how many times faster."""
    print(f"\n{title:<34}{'stock':>10}{'levels':>10}{'times':>8}")
    for name in WORKLOADS:
        stock, levels = (statistics.median(samples[name, executor]) for executor in ("stock", "levels"))
        print(f"{name:<34}{stock:>10.2f}{levels:>10.2f}{stock / levels:>8.2f}")


async def main(url: str, rounds: int) -> None:
    """Measure both ways of asking."""
    async with Database.connect(url, connections=2, statement_seconds=120) as database:
        elapsed, busy = await measured(in_process(database), rounds)
    table("in process, ms", elapsed)
    table("in process, processor ms", busy)
    with served("stock", url) as stock, served("levels", url) as levels:
        elapsed, _ = await measured(through_http({"stock": stock, "levels": levels}), rounds)
    table("HTTP on loopback, ms", elapsed)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("url", help="address of a database with the demo: `borrowgraph database url`")
    parser.add_argument("--rounds", type=int, default=15)
    chosen = parser.parse_args()
    asyncio.run(main(chosen.url, chosen.rounds))
