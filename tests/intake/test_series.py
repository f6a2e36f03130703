"""The packed series of loans: whatever is delivered in whatever order, each is its loan's newest rows by month."""

import tempfile
from collections import defaultdict
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from intake import rollups, upkeep
from tests.conftest import quiet
from tests.intake import market
from tests.intake.delivering import BANK, LOAN, REPAYMENT, WHOLE, deliver, emptied, loaded
from tests.portfolios import SECRET, Portfolio, portfolios, write

SETTINGS = settings(
    max_examples=20, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
)
FIGURES = ("due", "paid", "balance", "overdue_amount", "days_past_due")
OPENED = date(2023, 11, 20)

Series = dict[str, tuple[date, list[list[int | None]]]]


class Said(NamedTuple):
    """A report: the loan, the month counted from the one of opening, the day in May, what it says, who brings it."""

    loan: str
    month: int
    day: int
    content: int
    delivery: int


reports = st.lists(
    st.builds(
        Said, st.sampled_from(["L1", "L2"]), st.integers(0, 5), st.integers(1, 4), st.integers(0, 3), st.integers(0, 2)
    ),
    max_size=14,
    unique_by=lambda said: (said.loan, said.month, said.day),
)


def month_of(number: int) -> date:
    """The month that follows the one of opening so many months later."""
    years, month = divmod(OPENED.month - 1 + number, 12)
    return date(OPENED.year + years, month + 1, 1)


def figures(said: Said) -> list[int]:
    """What a report says: amounts, no two of them the same, and days."""
    return [100 + said.content, 200 + said.content, 300 + said.content, said.content * 10, said.content]


def write_all(folder: Path, said: list[Said]) -> list[Path]:
    """Three deliveries; each brings the loans, so that no order leaves a report without its loan."""
    loans = [LOAN | {"loan": name, "opened_on": str(OPENED)} for name in ("L1", "L2")]
    paths = []
    for number in range(3):
        rows = [
            REPAYMENT
            | {"loan": one.loan, "month": str(month_of(one.month)), "reported_at": f"2024-05-{one.day:02}T00:00:00Z"}
            | {name: f"{value / 100:.2f}" for name, value in zip(FIGURES[:4], figures(one), strict=False)}
            | {"days_past_due": str(one.content)}
            for one in said
            if one.delivery == number
        ]
        paths.append(deliver(folder / str(number), institutions=[BANK], loans=loans, repayments=rows))
    return paths


def expected(said: list[Said]) -> Series:
    """The series of the newest reports."""
    newest = {(one.loan, one.month): one for one in sorted(said, key=lambda one: one.day)}
    series: Series = {}
    for loan in {one.loan for one in said}:
        months = [month for of, month in newest if of == loan]
        slots = range(min(months), max(months) + 1)
        rows = [figures(newest[loan, slot]) if (loan, slot) in newest else [None] * 5 for slot in slots]
        series[f"BNK {loan}"] = month_of(slots[0]), [list(column) for column in zip(*rows, strict=True)]
    return series


def kept(url: str) -> Series:
    """The series that the database keeps."""
    query = """
        select i.code || ' ' || l.number, s.first_month, s.due, s.paid, s.balance, s.overdue_amount, s.days_past_due
        from loan_series s join loan l on l.id = s.loan_id join institution i on i.id = l.institution_id
    """
    with psycopg.connect(url) as connection:
        return {number: (first, arrays) for number, first, *arrays in connection.execute(query)}


def of_rows(url: str) -> Series:
    """The series of the newest rows, put together one by one."""
    query = """
        select i.code || ' ' || l.number, r.month, r.due, r.paid, r.balance, r.overdue_amount, r.days_past_due
        from repayment r join loan l on l.id = r.loan_id join institution i on i.id = l.institution_id
    """
    by_loan: dict[str, dict[date, list[Any]]] = defaultdict(dict)
    with psycopg.connect(url) as connection:
        for number, month, *row in connection.execute(query):
            by_loan[number][month] = row
    series: Series = {}
    for number, rows in by_loan.items():
        months, month = [min(rows)], min(rows)
        while month < max(rows):
            month = date(month.year + month.month // 12, month.month % 12 + 1, 1)
            months.append(month)
        table = [rows.get(month, [None] * 5) for month in months]
        series[number] = months[0], [list(column) for column in zip(*table, strict=True)]
    return series


@SETTINGS
@given(data=st.data(), said=reports)
def test_series_after_deliveries_in_any_order_is_the_newest_reports(
    database_url: str, data: st.DataObject, said: list[Said]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        paths = write_all(Path(folder), said)
        emptied(database_url)
        for path in data.draw(st.permutations(paths)):
            loaded(database_url, path)
        once = kept(database_url)
        for path in data.draw(st.permutations(paths)):
            loaded(database_url, path)

    assert once == expected(said)
    assert kept(database_url) == once
    assert upkeep.check(database_url, quiet()) == []


@SETTINGS
@given(portfolio=portfolios())
def test_series_of_a_made_up_portfolio_are_its_rows(database_url: str, portfolio: Portfolio) -> None:
    with tempfile.TemporaryDirectory() as folder:
        emptied(database_url)
        for path in write(portfolio, Path(folder)):
            loaded(database_url, path, secret=SECRET.encode())

    assert kept(database_url) == of_rows(database_url)


def test_loads_in_small_parts_keep_the_rows_and_what_they_add_up_to(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rollups, "PART", market.BORROWERS // 9)

    for delivery in market.write(tmp_path):
        assert loaded(database_url, delivery).repayments.added

    assert kept(database_url) == of_rows(database_url)
    assert upkeep.check(database_url, quiet()) == []


def test_series_of_sixty_years_with_one_gap_is_kept_whole(database_url: str, tmp_path: Path) -> None:
    old = LOAN | {"opened_on": "1964-01-15"}
    loaded(database_url, deliver(tmp_path / "first", institutions=[BANK], loans=[old]))
    months = [f"{1964 + number // 12}-{number % 12 + 1:02}" for number in range(720) if number != 360]

    loaded(database_url, deliver(tmp_path / "months", repayments=[REPAYMENT | {"month": month} for month in months]))

    assert kept(database_url) == of_rows(database_url)
    [(first, [due, *_])] = kept(database_url).values()
    assert (first, len(due), due.index(None)) == (date(1964, 1, 1), 720, 360)


def test_check_after_series_changed_by_hand_says_where_and_rebuild_mends_it(database_url: str, tmp_path: Path) -> None:
    other = LOAN | {"loan": "L2"}
    third = LOAN | {"loan": "L3"}
    months = [REPAYMENT, REPAYMENT | {"loan": "L2"}]
    loaded(database_url, deliver(tmp_path, **WHOLE | {"loans": [LOAN, other, third], "repayments": months}))
    right = kept(database_url)
    with psycopg.connect(database_url) as connection:
        numbers: dict[str, int] = dict(connection.execute("select number, id from loan").fetchall())
        connection.execute(
            "update loan_series set first_month = '2024-01-01', paid = '{1}' where loan_id = %s", [numbers["L1"]]
        )
        connection.execute("delete from loan_series where loan_id = %s", [numbers["L2"]])
        connection.execute(
            "insert into loan_series values (%s, '2024-02-01', '{1}', '{1}', '{1}', '{1}', '{1}')", [numbers["L3"]]
        )

    found = upkeep.check(database_url, quiet())

    assert {one.place: one.difference for one in found} == {
        f"loan_id {numbers['L1']}": "first_month 2024-01-01 instead of 2024-02-01, paid",
        f"loan_id {numbers['L2']}": "no series",
        f"loan_id {numbers['L3']}": "no month is reported",
    }
    assert {(one.rollup, one.total) for one in found} == {("series", 3)}
    upkeep.rebuild(database_url, quiet())
    assert upkeep.check(database_url, quiet()) == []
    assert kept(database_url) == right
