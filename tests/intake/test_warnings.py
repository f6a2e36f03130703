"""What seems wrong is loaded and counted: each warning by hand, all of them against plain Python."""

import csv
import gzip
import os
from datetime import date
from pathlib import Path
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from intake import listing
from intake.rules import RowWarning
from tests.intake.delivering import BANK, LOAN, REPAYMENT, deliver, emptied, loaded
from tests.intake.suspecting import Platform

REAL = Path(os.environ.get("REAL_DATA", Path(__file__).parents[3] / "shared" / "data")) / "taiwan-2005"
FIRST = {**REPAYMENT, "month": "2024-02", "days_past_due": "0", "overdue_amount": "0", "paid": "100.00"}


def noted(url: str, number: int) -> dict[str, int]:
    with psycopg.connect(url) as connection:
        return dict(
            connection.execute("select rule, rows from delivery_rule where delivery_id = %s and warns", [number])
        )


def named(url: str, number: int) -> list[tuple[Any, ...]]:
    with psycopg.connect(url) as connection:
        return connection.execute(
            "select line, rule, got, usual from delivery_warning where delivery_id = %s order by line, rule", [number]
        ).fetchall()


def warned(url: str, folder: Path, **kinds: list[dict[str, str]]) -> list[tuple[Any, ...]]:
    [number] = loaded(url, deliver(folder, **kinds)).deliveries
    return named(url, number)


def test_warning_of_days_without_an_amount_says_both(database_url: str, tmp_path: Path) -> None:
    months = [{**REPAYMENT, "overdue_amount": "0"}]

    report = loaded(database_url, deliver(tmp_path, institutions=[BANK], loans=[LOAN], repayments=months))

    assert (report.repayments.added, report.repayments.warned) == (1, 1)
    assert named(database_url, report.deliveries[0]) == [
        (2, "DAYS_WITHOUT_AMOUNT", "14 days past due, overdue_amount 0", "an amount where there are days")
    ]
    assert noted(database_url, report.deliveries[0]) == {"DAYS_WITHOUT_AMOUNT": 1}


def test_warnings_within_a_delivery_name_row_and_month_before(database_url: str, tmp_path: Path) -> None:
    months = [
        FIRST,
        {**FIRST, "month": "2024-03", "days_past_due": "32", "overdue_amount": "1.00", "balance": "900.01"},
        {**FIRST, "month": "2024-04", "days_past_due": "31", "overdue_amount": "1.00", "paid": "0", "balance": "900"},
        {**FIRST, "month": "2024-07", "balance": "800.00"},
    ]
    months = [{**month, "reported_at": "2024-08-02T09:00:00+08:00"} for month in months]

    rows = warned(database_url, tmp_path, institutions=[BANK], loans=[LOAN], repayments=months)

    assert rows == [
        (3, "BALANCE_GREW", "balance 900.01 after 900.00 in 2024-02", "a balance that falls, as the loan has a due_on"),
        (3, "DAYS_TOO_FAST", "32 days past due, 0 in 2024-02", "at most 31, as 31 days passed"),
        (
            4,
            "DAYS_FELL_UNPAID",
            "31 days past due and nothing paid, 32 in 2024-03",
            "a payment where the days become fewer",
        ),
        (5, "MONTHS_MISSING", "2024-07 after 2024-04", "a report of every month between"),
    ]


def test_warnings_against_what_is_stored_are_the_same(database_url: str, tmp_path: Path) -> None:
    loaded(database_url, deliver(tmp_path / "1", institutions=[BANK], loans=[LOAN], repayments=[FIRST]))
    second = {**FIRST, "month": "2024-03", "days_past_due": "32", "overdue_amount": "1.00"}
    second["reported_at"] = "2024-04-02T09:00:00+08:00"
    late = {**FIRST, "month": "2024-06", "reported_at": "2024-07-02T09:00:00+08:00"}

    march = warned(database_url, tmp_path / "2", repayments=[second])
    june = warned(database_url, tmp_path / "3", repayments=[late])

    assert [row[:2] for row in march] == [(2, "DAYS_TOO_FAST")]
    assert [row[:3] for row in june] == [(2, "MONTHS_MISSING", "2024-06 after 2024-03")]


def test_warnings_of_a_settled_loan_with_a_balance_name_whichever_row_came_last(
    database_url: str, tmp_path: Path
) -> None:
    settled = {**LOAN, "state": "SETTLED", "closed_on": "2024-02-20", "reported_at": "2024-03-05T09:00:00+08:00"}
    other = {**settled, "loan": "L2"}
    loaded(database_url, deliver(tmp_path / "1", institutions=[BANK], loans=[LOAN], repayments=[FIRST]))

    closing = warned(database_url, tmp_path / "2", loans=[settled, other])
    month = warned(database_url, tmp_path / "3", repayments=[{**FIRST, "loan": "L2"}])

    assert closing == [
        (
            2,
            "SETTLED_WITH_BALANCE",
            "state SETTLED, closed on 2024-02-20, balance 900.00 in 2024-02",
            "a balance of 0 in the month in which a loan is settled",
        )
    ]
    assert [row[:3] for row in month] == [(2, "SETTLED_WITH_BALANCE", "balance 900.00 in the month of settlement")]


def test_warning_of_an_old_month_restated_begins_after_three_months(database_url: str, tmp_path: Path) -> None:
    loaded(database_url, deliver(tmp_path / "1", institutions=[BANK], loans=[LOAN], repayments=[FIRST]))
    in_time = {**FIRST, "due": "101.00", "reported_at": "2024-05-31T23:59:59+08:00"}
    too_late = {**FIRST, "due": "102.00", "reported_at": "2024-06-01T00:00:00+08:00"}

    assert warned(database_url, tmp_path / "2", repayments=[in_time]) == []
    assert [row[:2] for row in warned(database_url, tmp_path / "3", repayments=[too_late])] == [
        (2, "OLD_MONTH_RESTATED")
    ]


def test_warnings_of_size_and_overdue_share_compare_with_the_past(database_url: str, tmp_path: Path) -> None:
    loans = [{**LOAN, "loan": f"L{number:03}", "due_on": ""} for number in range(100)]
    past = [
        {**FIRST, "loan": loan["loan"], "month": month, "reported_at": "2024-05-01T09:00:00+08:00"}
        for loan in loans
        for month in ("2024-02", "2024-03", "2024-04")
    ]
    usual = {"month": "2024-05", "reported_at": "2024-06-01T09:00:00+08:00"}
    overdue = {**usual, "days_past_due": "9", "overdue_amount": "5.00"}
    loaded(database_url, deliver(tmp_path / "1", institutions=[BANK], loans=loans, repayments=past))

    months = [{**FIRST, "loan": loan["loan"], **(overdue if at < 20 else usual)} for at, loan in enumerate(loans[:49])]
    rows = warned(database_url, tmp_path / "2", repayments=months)

    assert rows == [
        (
            2,
            "OVERDUE_SHARE_UNUSUAL",
            "40.8 % of 49 reports of 2024-05 overdue",
            "about 0.0 %, as in the twelve months before",
        ),
        (2, "SIZE_UNUSUAL", "49 reports of 2024-05", "about 100, as in the three months reported before"),
    ]


def test_warnings_are_listed_by_row_and_counted(database_url: str, tmp_path: Path) -> None:
    loans = [{**LOAN, "loan": f"L{number:03}"} for number in range(101)]
    months = [{**REPAYMENT, "loan": loan["loan"], "overdue_amount": "0"} for loan in loans]
    [number] = loaded(database_url, deliver(tmp_path, institutions=[BANK], loans=loans, repayments=months)).deliveries

    lines = listing.warnings(database_url, number)

    assert lines is not None
    assert lines[0] == (
        "repayments.csv:2: got 14 days past due, overdue_amount 0, usual: an amount where there are days "
        "[DAYS_WITHOUT_AMOUNT]"
    )
    assert len(lines) == 101
    assert lines[-1].split() == ["101", "DAYS_WITHOUT_AMOUNT"]
    assert listing.warnings(database_url, number + 1) is None


LOANS = [
    LOAN,
    {**LOAN, "loan": "L2", "due_on": ""},
    {**LOAN, "loan": "L3", "state": "SETTLED", "closed_on": "2024-08-20", "reported_at": "2024-09-01T09:00:00+08:00"},
]
MONTHS = some.fixed_dictionaries(
    {
        "institution": some.just("BNK"),
        "loan": some.sampled_from(["L1", "L2", "L3"]),
        "month": some.integers(1, 8).map(lambda month: f"2024-{month:02}"),
        "due": some.just("100.00"),
        "paid": some.sampled_from(["0.00", "50.00"]),
        "balance": some.sampled_from(["0.00", "800.00", "900.00", "900.01"]),
        "days_past_due": some.sampled_from(["0", "14", "31", "32", "44", "45", "61"]),
    }
)
DELIVERIES = some.lists(
    some.lists(MONTHS, min_size=1, max_size=12, unique_by=lambda row: (row["loan"], row["month"])),
    min_size=1,
    max_size=4,
)


@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(DELIVERIES, some.data())
def test_warnings_of_generated_deliveries_are_those_of_plain_python(
    database_url: str, tmp_path: Path, deliveries: list[list[dict[str, str]]], data: some.DataObject
) -> None:
    emptied(database_url)
    loaded(database_url, deliver(tmp_path / "loans", institutions=[BANK], loans=LOANS))
    platform = Platform(LOANS)
    for at, rows in enumerate(deliveries):
        months = [
            {
                **row,
                "overdue_amount": "0.00" if row["days_past_due"] == "0" else data.draw(some.sampled_from(["0", "7.5"])),
                "reported_at": f"2024-{9 + at:02}-01T09:00:00+08:00",
            }
            for row in rows
        ]
        number = loaded(database_url, deliver(tmp_path / str(at), repayments=months)).deliveries[0]
        lines = {(line, rule) for line, rule, *_ in named(database_url, number)}
        places = {(row["loan"], date.fromisoformat(f"{row['month']}-01")): line for line, row in enumerate(months, 2)}
        assert lines == {(places[key.loan, key.month], rule) for key, rule in platform.warned(months)}


def test_warnings_of_real_accounts_are_those_of_plain_python(database_url: str) -> None:
    if not REAL.is_dir():
        pytest.skip(f"the real deliveries are not at {REAL}: set REAL_DATA to their folder")
    loans, months = (rows(REAL / f"{kind}.csv.gz") for kind in ("loans", "repayments"))
    platform = Platform(loans)
    by_loan: dict[str, list[dict[str, str]]] = {}
    for month in months:
        by_loan.setdefault(month["loan"], []).append(month)

    counts = dict.fromkeys((warning.name for warning in RowWarning), 0)
    for of_loan in by_loan.values():
        platform.newest.clear()
        for _, rule in platform.warned(of_loan):
            counts[rule] += 1

    [number] = loaded(database_url, REAL).deliveries
    assert noted(database_url, number) == {rule: count for rule, count in counts.items() if count}
    assert sum(counts.values()) > 0


def rows(path: Path) -> list[dict[str, str]]:
    with gzip.open(path, "rt", encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))
