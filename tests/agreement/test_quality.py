"""Completeness, timeliness and counts of what institutions report, against plain Python over the same files."""

from calendar import monthrange
from collections import defaultdict
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from datetime import date, datetime
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import httpx
import pytest
from hypothesis import given

from intake import demo
from intake.load import load
from tests.agreement.bench import Bench
from tests.agreement.documents import Document
from tests.agreement.effort import effort
from tests.agreement.test_real_data import FOLDER
from tests.conftest import SECRET, quiet
from tests.oracle.archive import Archive
from tests.oracle.deliveries import Portfolio
from tests.oracle.windows import next_month
from tests.portfolios import portfolios

ZONE = ZoneInfo("Asia/Shanghai")
EVERYTHING = """
query Quality($window: Window!) {
  dataQuality(window: $window) {
    institution { code }
    month
    loansAlive
    loansReported
    completeness
    daysToReport
    added
    corrected
    rejected
    score
    warned
    acceptedShare
    correctedShare
    warnedShare
  }
}
"""

Serve = Callable[..., AbstractAsyncContextManager[httpx.AsyncClient]]


class Expected(NamedTuple):
    """What is to be answered of an institution's month."""

    alive: int
    reported: int
    days: float | None
    added: int


def month_of(instant: datetime) -> date:
    return instant.astimezone(ZONE).date().replace(day=1)


def expected(archive: Archive) -> dict[tuple[str, date], Expected]:
    """Count every institution's months, row by row."""
    alive, reported = defaultdict[Any, int](int), defaultdict[Any, int](int)
    days, added = defaultdict[Any, list[int]](list), defaultdict[Any, int](int)
    last = max(month for months in archive.months.values() for month in months)
    for (code, _), versions in archive.loans.items():
        newest = versions[-1]
        added[code, month_of(newest.reported_at)] += 1
        month = newest.opened_on.replace(day=1)
        while month <= min(last, newest.closed_on or last):
            alive[code, month] += 1
            month = next_month(month)
    for key, months in archive.months.items():
        loan = archive.loans[key][-1]
        for month, reports in months.items():
            code = key[0]
            added[code, month] += 1
            reported[code, month] += loan.opened_on.replace(day=1) <= month <= (loan.closed_on or month)
            end = month.replace(day=monthrange(month.year, month.month)[1])
            days[code, month].append((reports[0].reported_at.astimezone(ZONE).date() - end).days)
    for inquiry in archive.inquiries:
        added[inquiry.institution, month_of(inquiry.inquired_at)] += 1
    starts: dict[str, date] = {}
    for code, month in (*alive, *days, *added):
        starts[code] = min(starts.get(code, month), month)
    found: dict[tuple[str, date], Expected] = {}
    for code, start in starts.items():
        at = start
        while at <= last:
            delay = sum(days[code, at]) / len(days[code, at]) if days[code, at] else None
            found[code, at] = Expected(alive[code, at], reported[code, at], delay, added[code, at])
            at = next_month(at)
    return found


def score(row: dict[str, Any]) -> float | None:
    """The score as the schema's description gives it."""
    if row["completeness"] is None:
        return None
    late = row["daysToReport"]
    punctuality = 0 if late is None else min(1, max(0, (40 - late) / 30))
    accepted = 1 if row["acceptedShare"] is None else row["acceptedShare"]
    return float(
        50 * row["completeness"]
        + 20 * punctuality
        + 20 * accepted
        + 5 * (1 - (row["correctedShare"] or 0))
        + 5 * (1 - (row["warnedShare"] or 0))
    )


def assert_agrees(rows: list[dict[str, Any]], figures: dict[tuple[str, date], Expected], *, once: bool) -> None:
    """Compare an answer; ``once`` says that everything came in one delivery, so that each key was added once."""
    assert [(row["institution"]["code"], row["month"]) for row in rows] == [
        (code, f"{month:%Y-%m}") for code, month in sorted(figures)
    ]
    for row, (_, figure) in zip(rows, sorted(figures.items()), strict=True):
        assert (row["loansAlive"], row["loansReported"], row["rejected"]) == (figure.alive, figure.reported, 0), row
        assert not once or row["added"] == figure.added, row
        assert row["completeness"] == (figure.reported / figure.alive if figure.alive else None)
        assert row["daysToReport"] == (None if figure.days is None else pytest.approx(figure.days, rel=1e-12))
        assert row["score"] == (None if row["completeness"] is None else pytest.approx(score(row), rel=1e-12))


async def answered(client: httpx.AsyncClient) -> list[dict[str, Any]]:
    variables = {"window": {"from": "2000-01-01"}}
    body = (await client.post("/graphql", json={"query": EVERYTHING, "variables": variables})).json()
    assert "errors" not in body, body["errors"]
    rows: list[dict[str, Any]] = body["data"]["dataQuality"]
    return rows


async def test_demo_quality_is_that_of_its_files(
    create: Callable[[str], str], template: str, serve: Serve, tmp_path: Path
) -> None:
    demo.write(tmp_path / "demo", borrowers=60)
    url = create(template)
    load(url, [tmp_path / "demo"], secret=SECRET.encode(), progress=quiet())

    async with serve(url) as client:
        rows = await answered(client)

    assert_agrees(rows, expected(Archive([tmp_path / "demo"], SECRET.encode())), once=True)


@pytest.mark.skipif(not FOLDER.is_dir(), reason=f"no real data: REAL_DATA or {FOLDER} would have it")
async def test_real_quality_is_that_of_its_files(create: Callable[[str], str], template: str, serve: Serve) -> None:
    url = create(template)
    load(url, [FOLDER], secret=None, progress=quiet())

    async with serve(url) as client:
        rows = await answered(client)

    assert_agrees(rows, expected(Archive([FOLDER], b"")), once=True)


def test_generated_portfolios_quality_is_that_of_their_deliveries(bench: Bench) -> None:
    @effort(40)
    @given(portfolios())
    def agree(portfolio: Portfolio) -> None:
        with bench.holding(portfolio) as folders:
            archive = Archive(folders, SECRET.encode())
            if any(archive.months.values()):
                asked = Document(EVERYTHING, {"window": {"from": "2000-01-01"}})
                assert_agrees(bench.data(asked)["dataQuality"], expected(archive), once=False)

    agree()
