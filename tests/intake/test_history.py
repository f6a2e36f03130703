"""Versions: what the tables hold depends on what was reported, not on the order in which it arrived."""

import tempfile
from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.intake.delivering import (
    BANK,
    INQUIRY,
    KEY,
    LOAN,
    OTHER_KEY,
    REPAYMENT,
    counted,
    deliver,
    emptied,
    held,
    loaded,
)
from tests.portfolios import SECRET, Portfolio, portfolios, write

SETTINGS = settings(
    max_examples=20, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
)
DAYS = range(1, 6)
FIRST = datetime(2024, 2, 1, 1, tzinfo=UTC)  # the instant of LOAN, which is day 0


def instant(day: int) -> str:
    return f"2024-05-{day:02}T00:00:00+00:00"


class Said(NamedTuple):
    """A report of one key: the day in May, one of few contents, and the delivery that brings it."""

    key: str
    day: int
    content: int
    delivery: int


reports = st.lists(
    st.builds(Said, st.sampled_from(["L1", "L2"]), st.sampled_from(DAYS), st.integers(1, 2), st.integers(0, 2)),
    min_size=1,
    max_size=10,
    unique_by=lambda said: (said.key, said.day),
)


def write_all(folder: Path, loans: list[Said], months: list[Said]) -> list[Path]:
    """Three deliveries; each brings the loans' first versions, so that no order leaves a repayment without its loan."""
    first = [{**LOAN, "loan": key} for key in ("L1", "L2")]
    paths = []
    for number in range(3):
        versions = [
            {
                **LOAN,
                "loan": said.key,
                "subject_key": [KEY, OTHER_KEY][said.content - 1],
                "reported_at": instant(said.day),
            }
            for said in loans
            if said.delivery == number
        ]
        repayments = [
            {**REPAYMENT, "loan": said.key, "paid": f"{said.content}.00", "reported_at": instant(said.day)}
            for said in months
            if said.delivery == number
        ]
        inquiries = [INQUIRY] * number
        paths.append(
            deliver(
                folder / str(number),
                institutions=[BANK],
                loans=first + versions,
                repayments=repayments,
                inquiries=inquiries,
            )
        )
    return paths


def expected(months: Iterable[Said]) -> tuple[list[Any], list[Any], list[Any]]:
    """Newest versions, superseded ones, and confirmations, as (key, content, from, until)."""
    by_key: dict[str, list[Said]] = defaultdict(list)
    for said in sorted(months, key=lambda said: said.day):
        by_key[said.key].append(said)
    newest, superseded, confirmed = [], [], []
    for key, history in by_key.items():
        versions = history[:1] + [after for before, after in pairwise(history) if before.content != after.content]
        confirmed += [(key, at(said.day)) for said in history if said not in versions]
        superseded += [(key, a.content, at(a.day), at(b.day)) for a, b in pairwise(versions)]
        newest.append((key, versions[-1].content, at(versions[-1].day)))
    return sorted(newest), sorted(superseded), sorted(confirmed)


def at(day: int) -> datetime:
    return datetime(2024, 5, day, tzinfo=UTC) if day else FIRST


@SETTINGS
@given(data=st.data(), loans=reports, months=reports)
def test_history_deliveries_in_any_order_is_the_same(
    database_url: str, data: st.DataObject, loans: list[Said], months: list[Said]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        paths = write_all(Path(folder), loans, months)
        emptied(database_url)
        loaded(database_url, *paths)
        in_order = held(database_url)

        emptied(database_url)
        reports = [loaded(database_url, path) for path in data.draw(st.permutations(paths))]
        again = [loaded(database_url, path) for path in data.draw(st.permutations(paths))]

    state = held(database_url)
    assert state == in_order
    newest, superseded, confirmed = expected(months)
    assert sorted((row[0], row[3] // 100, row[7]) for row in state["repayment"]) == newest
    assert sorted((row[0], row[3] // 100, *row[7:]) for row in state["repayment_superseded"]) == superseded
    assert sorted((row[0], row[2]) for row in state["repayment_confirmation"]) == confirmed
    assert sum(report.repayments.added for report in reports) == len(newest)
    newest, superseded, confirmed = expected([Said(key, 0, 1, 0) for key in ("L1", "L2")] + loans)
    subjects = {KEY: 1, OTHER_KEY: 2}
    assert sorted((row[1], subjects[row[2]], row[9]) for row in state["loan"]) == newest
    assert sorted((row[0], subjects[row[1]], *row[8:]) for row in state["loan_superseded"]) == superseded
    assert sorted(state["loan_confirmation"]) == confirmed
    assert state["coverage"] == [counted(database_url)]
    for report in again:
        for counts in (report.institutions, report.loans, report.repayments, report.inquiries):
            assert counts.unchanged == counts.read


@SETTINGS
@given(portfolio=portfolios())
def test_history_made_up_portfolio_again_changes_nothing(database_url: str, portfolio: Portfolio) -> None:
    with tempfile.TemporaryDirectory() as folder:
        emptied(database_url)
        paths = write(portfolio, Path(folder))
        loaded(database_url, *paths, secret=SECRET.encode())
        once = held(database_url)

        report = loaded(database_url, *paths, secret=SECRET.encode())

    assert held(database_url) == once
    assert report.loans.unchanged == report.loans.read
    assert report.repayments.unchanged == report.repayments.read
    assert once["coverage"] == [counted(database_url)]
