"""Documents at random, answered by levels and by the stock executor: the same data, errors and order of members.

Each is asked twice, the second time with other variables. ``DOCUMENTS`` says how many; 5,000, and so 10,000 answers,
take ten minutes, and belong before a release and after every change of the executor, of graphql-core or of Strawberry.
"""

import gc
import logging
import os
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from contextlib import asynccontextmanager
from hashlib import sha256
from random import Random
from typing import Any

import pytest

from graph.context import Context
from graph.limits import Limits
from graph.tokens import Tokens
from resolvers.callers import Role, local
from resolvers.database import Database, Reading, Row
from resolvers.disclosure import Viewer
from resolvers.loaders import Loaders
from resolvers.logbook import Logbook, Read
from resolvers.publication import Thresholds
from resolvers.rotation import Secrets
from resolvers.trail import Trail
from tests.conftest import BORROWERS, SECRET
from tests.graph.execution.comparing import STOCK, Answer, difference
from tests.graph.execution.writing import Values, Writer

VIEWER = Viewer(local(Role.ASSOCIATION, None), Thresholds(2, 1))

DOCUMENTS = int(os.environ.get("DOCUMENTS", "250"))
SEED = int(os.environ.get("SEED", "1"))

KEYS = [sha256(f"demo borrower {number}".encode()).hexdigest() for number in range(1, BORROWERS + 1)]
IDS = """
query Ids($by: [BorrowerKey!]!) {
  borrowers(by: $by) { id loans(first: 2) { pageInfo { endCursor } nodes { id } } }
  institutions(first: 5) { nodes { id code } pageInfo { endCursor } }
}
"""


async def values(context: Context) -> Values:
    """Return what arguments are given: things that the demo holds, and things that are refused or unknown."""
    by = [{"subjectKey": key} for key in KEYS[:12]]
    result = await STOCK.execute(IDS, variable_values={"by": by}, context_value=context)
    data: Any = result.data
    borrowers = [one for one in data["borrowers"] if one]
    loans = [loan["id"] for one in borrowers for loan in one["loans"]["nodes"]]
    cursors = [one["loans"]["pageInfo"]["endCursor"] for one in borrowers if one["loans"]["nodes"]]
    members = data["institutions"]
    ids = [*(one["id"] for one in borrowers), *loans, *(one["id"] for one in members["nodes"])]
    known = [{"id": one["id"]} for one in borrowers] + by
    unknown = [{"subjectKey": "0" * 64}, {"subjectKey": "beef"}, {"id": "beef"}, {"id": loans[0]}]
    papers = [{"document": {"kind": "ID_CARD", "number": number}} for number in ("11010519491231002X", " - ")]
    windows = [
        {"last": "P24M"}, {"last": "P6M"}, {"last": "P1Y"}, {"last": "P7D"}, {"last": "P12M", "to": "2026-01-01"},
        {"from": "2025-01-01"}, {"from": "2024-05-05", "to": "2025-05-05"}, {"last": "P900Y"}, {"last": "P51Y"},
        {"from": "2025-05-05", "to": "2024-05-05"}, {"to": "2024-05-05"}, {},
    ]  # fmt: skip
    return {
        "id": [*ids, *ids, "beef", ""],
        "BorrowerKey": [*known, *known, *unknown, *papers],
        "Window": windows + windows[:7] * 3,
        "after": [*cursors, members["pageInfo"]["endCursor"], "beef"],
        "code": [*(one["code"] for one in members["nodes"]), "NOBODY", "\\u0000"],
        "first": [1, 2, 3, 100, 1000, 1, 2, 3, 0, -1, 1001],
        "overDays": [0, 1, 30, 60, 90, 99_999, 0, 30, -1, 100_000],
        "months": [1, 2, 3, 12, 0],
        "products": ["CASH_LOAN", "CREDIT_CARD", "nothing"],
        "kind": ["ID_CARD", "PASSPORT", ""],
        "number": ["11010519491231002X", ""],
        "subjectKey": [*KEYS[:5], "beef"],
        "Boolean": [True, False],
        "Int": [0, 1, 12, -1, 2**31 - 1],
        "Float": [0.5, 1],
        "Money": [0, 100, 2**53],
        "BigInt": [0, 2**53 - 1],
        "String": ["", "text"],
        "ID": [*ids, "beef"],
        "Date": ["2024-02-29", "2025-01-01", "2026-02-01", "2025-02-29"],
        "DateTime": ["2026-01-15T09:00:00+08:00", "2024-02-29T00:00:00Z", "2010-01-01T00:00:00Z", "yesterday"],
        "Month": ["2025-01", "2025-13"],
        "Duration": ["P1M", "P3M", "P1Y", "P30D", "P24M", "P0D", "soon"],
    }


class Unlogged(Trail):
    """A trail that nobody writes: what is compared here is the answers."""

    def note(self, read: Read) -> None:
        """Forget it."""


class Snapshot(Reading):
    """A snapshot that all documents share, also those that would be answered by a single statement outside of any."""

    async def sole(self, make: Callable[[Iterable[Any]], Row], name: str, *arguments: object) -> list[Row]:
        """Run it within."""
        return await self.fetch(make, name, *arguments)


def on(reading: Reading, tokens: Tokens) -> Context:
    """Return a request's context: loaders that hold nothing yet, over one snapshot."""
    return Context(
        Loaders(reading, time_zone="Asia/Shanghai", viewer=VIEWER), tokens, Limits(600, 1_000),
        Secrets((SECRET.encode(),)), VIEWER.caller,
        Unlogged(Logbook(Database(None)), "test", VIEWER.caller, bytes(32)),
    )  # fmt: skip


@asynccontextmanager
async def snapshot(database: Database) -> AsyncIterator[Reading]:
    """One snapshot."""
    reading = Snapshot(database._pool)
    try:
        yield reading
    finally:
        await reading.close()


@pytest.fixture
def unlogged() -> Iterator[None]:
    """Keep Strawberry from logging errors: their tracebacks would hold what is to be collected within the test."""
    logger = logging.getLogger("strawberry.execution")
    logger.disabled = True
    yield
    logger.disabled = False


async def compare(url: str, differing: list[str], seen: Counter[str]) -> None:
    """Ask all documents; note those whose answers differ, and how many there are of each kind of answer."""
    tokens = Tokens(SECRET)
    async with Database.connect(url, connections=1, statement_seconds=60) as database, snapshot(database) as one:
        given = await values(on(one, tokens))
        for number in range(DOCUMENTS):
            random = Random(f"{SEED} {number}")  # noqa: S311
            document = Writer(STOCK._schema, given, random).document()
            # Twice, because the second time it comes from what was kept the first time, other variables and all.
            for variables in (document.variables, changed(document.variables, random)):
                found, fault = await difference(document._replace(variables=variables), lambda: on(one, tokens))
                seen.update(kinds(found))
                if fault:
                    differing.append(f"{number}: {fault}")


# graphql-core cancels the siblings of a field whose error takes their parent, some of them before they began.
@pytest.mark.filterwarnings("ignore:coroutine .* was never awaited:RuntimeWarning")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.usefixtures("unlogged")
async def test_executor_by_levels_on_documents_at_random_answers_what_the_stock_one_does(demo_url: str) -> None:
    differing, seen = list[str](), Counter[str]()
    await compare(demo_url, differing, seen)
    gc.collect()

    assert not differing, f"{len(differing)} of {DOCUMENTS}\n" + "\n\n".join(differing[:3])
    assert seen["answered"] > DOCUMENTS * 0.4
    assert seen["errors in the middle"] > DOCUMENTS * 0.1


def changed(variables: dict[str, Any], random: Random) -> dict[str, Any]:
    """Return the variables with switches thrown, and now and then one left out."""
    kept = {name: value for name, value in variables.items() if random.random() < 0.95}
    return {name: not value if isinstance(value, bool) else value for name, value in kept.items()}


def kinds(found: Answer) -> list[str]:
    if not found.errors:
        return ["answered"]
    return ["refused" if found.data == b"null" else "errors in the middle"]
