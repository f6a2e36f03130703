"""Which chunks of the hypertables a statement reads: those of its windows, with any plan that PostgreSQL may choose."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any, NamedTuple

import psycopg
import pytest

from sql.statements import statement

LENDING = ("repayment", "repayment_superseded")
EXPLAIN = b"explain (analyze, format json) execute asked "
CHUNKS = """
    select chunk_name, hypertable_name, range_start::date, range_end::date
    from timescaledb_information.chunks
    where hypertable_schema = 'public'
"""

# Of a prepared statement PostgreSQL makes five plans for the values given, and then may keep one for any values.
PLANS = {"custom": "force_custom_plan", "generic": "force_generic_plan", "as it is after eight runs": "auto"}
# In the third year of four: no chunk begins or ends in it, and there are some before and after it.
WINDOW = date(2025, 4, 1), date(2025, 6, 1)
INSTANTS = {"now": None, "as of an instant": datetime(2025, 12, 1, tzinfo=UTC)}


class Chunk(NamedTuple):
    """A chunk: days from the first on, up to and without the last."""

    hypertable: str
    first: date
    past: date


class Explained:
    """A connection like the service's, on which statements are prepared and explained."""

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self._connection = connection
        connection.execute("set role borrowgraph_reader")
        self.chunks = {name: Chunk(*found) for name, *found in connection.execute(CHUNKS)}

    def read(self, name: str, arguments: list[Any], plan: str) -> set[Chunk]:
        """Run a statement, and return the chunks that the run looked into."""
        asked, places = statement(name), ", ".join(["%s"] * len(arguments))
        self._connection.execute(f"set plan_cache_mode = {PLANS[plan]}".encode())
        self._connection.execute(f"prepare asked ({', '.join(asked.parameters)}) as {asked.text}".encode())
        with psycopg.ClientCursor(self._connection) as cursor:
            for _ in range(8):
                cursor.execute(f"execute asked ({places})".encode(), arguments)
            cursor.execute(EXPLAIN + f"({places})".encode(), arguments)
            [[[explained]]] = cursor.fetchall()
        return {self.chunks[name] for name in scanned(explained["Plan"]) if name in self.chunks}


def scanned(plan: dict[str, Any]) -> Iterator[str]:
    """The relations that a plan's run looked into."""
    if plan["Actual Loops"] and "Relation Name" in plan:
        yield plan["Relation Name"]
    for below in plan.get("Plans", []):
        yield from scanned(below)


@pytest.fixture
def explained(demo_url: str) -> Iterator[Explained]:
    with psycopg.connect(demo_url, autocommit=True, prepare_threshold=None) as connection:
        yield Explained(connection)


class Known(NamedTuple):
    """A dozen loans that lived through the window and were corrected in it, and the keys of their borrowers."""

    loans: list[int]
    keys: list[bytes]


@pytest.fixture
def known(demo_url: str) -> Known:
    query = """
        select distinct l.id, b.subject_key
        from loan l join borrower b on b.id = l.borrower_id join repayment_superseded r on r.loan_id = l.id
        where l.opened_on < '2025-03-01' and coalesce(l.closed_on, '2026-01-01') > '2025-07-01'
            and r.month in ('2025-04-01', '2025-05-01')
        order by 1 limit 12
    """
    with psycopg.connect(demo_url) as connection:
        return Known(*(list(column) for column in zip(*connection.execute(query), strict=True)))


def months_of(loans: list[int], windows: list[tuple[date, date]], as_of: datetime | None) -> list[Any]:
    """The parameters of repayments/of_loans."""
    asked = [(loan, start, end) for loan in loans for start, end in windows]
    columns: list[Any] = [list(column) for column in zip(*asked, strict=True)]
    return [*columns, [as_of] * len(asked), min(columns[1]), max(columns[2])]


def portraits_of(keys: list[bytes], start: date, days: int) -> list[Any]:
    """The parameters of borrowers/portraits, for windows that begin on a day, or so many days before the horizon."""
    return [keys, True, True, True, [True] * 5, start, days, "Asia/Shanghai", None, True]


@pytest.mark.parametrize("instant", INSTANTS)
@pytest.mark.parametrize("plan", PLANS)
def test_months_of_loans_within_one_chunk_read_that_chunk_alone(
    known: Known, explained: Explained, plan: str, instant: str
) -> None:
    asked = months_of(known.loans, [WINDOW], INSTANTS[instant])

    chunks = explained.read("repayments/of_loans", asked, plan)

    assert [chunk.hypertable for chunk in sorted(chunks)] == list(LENDING if INSTANTS[instant] else LENDING[:1])
    assert all(chunk.first <= WINDOW[0] and WINDOW[1] <= chunk.past for chunk in chunks)


@pytest.mark.parametrize("plan", PLANS)
def test_months_of_loans_over_two_windows_read_no_chunk_before_or_after_both(
    known: Known, explained: Explained, plan: str
) -> None:
    # What lies between them is read: excluding chunks for each window took twice as long.
    windows = [(date(2023, 5, 1), date(2023, 6, 1)), WINDOW]

    chunks = explained.read("repayments/of_loans", months_of(known.loans, windows, None), plan)

    assert {chunk.hypertable for chunk in chunks} == {"repayment"}
    assert all(windows[0][0] < chunk.past and chunk.first < WINDOW[1] for chunk in chunks)


@pytest.mark.parametrize(("start", "days"), [(date(2026, 2, 1), 0), (date.max, 200), (date(2026, 2, 1), 100)])
@pytest.mark.parametrize("plan", PLANS)
def test_portraits_read_no_month_but_packed_ones_and_no_inquiry_from_before_the_windows(
    known: Known, explained: Explained, plan: str, start: date, days: int
) -> None:
    chunks = explained.read("borrowers/portraits", portraits_of(known.keys, start, days), plan)

    assert {chunk.hypertable for chunk in chunks} == {"inquiry"}
    assert all(date(2026, 1, 1) < chunk.past for chunk in chunks)
    assert len(chunks) < len([chunk for chunk in explained.chunks.values() if chunk.hypertable == "inquiry"])
