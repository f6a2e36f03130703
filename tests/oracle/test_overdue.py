"""Codes, runs and episodes of a loan and a borrower against patterns written by hand from the domain's table."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.oracle.folders import SOMEBODY, deliver
from tests.oracle.held import bucket
from tests.oracle.oracle import Oracle, OracleBorrower

WHOLE = {"from": "2023-12-01", "to": "2024-10-01"}
LOANS = f"""
    BNK, L1, {SOMEBODY}, CARD, 1000.00, 2024-01-15, , , ACTIVE, 2024-01-16T09:00:00+08:00
    BNK, L1, {SOMEBODY}, CARD, 1000.00, 2024-01-15, , 2024-08-10, SETTLED, 2024-08-31T09:00:00+08:00
    MIC, L2, {SOMEBODY}, CASH, 500, 2024-03-31, 2024-05-31, 2024-05-01, TRANSFERRED, 2024-05-02T09:00:00+08:00
"""
REPAYMENTS = """
    BNK, L1, 2024-01, 0.00, 0, 1000, 0, 0, 2024-02-01T09:00:00+08:00
    BNK, L1, 2024-02-29, 100, 100, 900, 0, 0, 2024-03-01T09:00:00+08:00
    BNK, L1, 2024-03, 100, 0, 900, 100, 1, 2024-04-01T09:00:00+08:00
    BNK, L1, 2024-04, 100, 0, 900, 200, 31, 2024-05-01T09:00:00+08:00
    BNK, L1, 2024-06, 100, 0, 900, 300.5, 91, 2024-07-01T09:00:00+08:00
    BNK, L1, 2024-07, 0, 900, 0.01, 0, 0, 2024-08-01T09:00:00+08:00
    BNK, L1, 2024-08, 10, 0, 10, 10, 5, 2024-08-30T09:00:00+08:00
    MIC, L2, 2024-04, 50, 0, 500, 50, 61, 2024-05-02T09:00:00+08:00
    MIC, L2, 2024-05, 50, 0, 0, 0, 0, 2024-05-02T09:00:00+08:00
"""


@pytest.fixture
def borrower(tmp_path: Path) -> OracleBorrower:
    found = Oracle(deliver(tmp_path / "1", loans=LOANS, repayments=REPAYMENTS)).borrower(SOMEBODY)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("days", "digit"),
    [(0, 0), (1, 1), (30, 1), (31, 2), (60, 2), (61, 3), (90, 3), (91, 4), (120, 4), (121, 5), (150, 5), (151, 6)],
)
def test_bucket_at_each_boundary_is_the_tables(days: int, digit: int) -> None:
    assert bucket(days) == digit


def test_bucket_over_180_days_is_the_last() -> None:
    assert [bucket(days) for days in (180, 181, 9999)] == [6, 7, 7]


def test_loan_over_its_whole_life_has_every_figure(borrower: OracleBorrower) -> None:
    loan = next(loan for loan in borrower.loans() if loan.number == "L1")

    answer = loan.overdue(WHOLE)

    months = answer.pop("months")
    assert answer == {
        "span": {"from": "2023-12-01", "to": "2024-10-01"},
        "pattern": "/*N12#4*C/",
        "overdueMonths": 4,
        "monthsOver30": 2,
        "monthsOver60": 1,
        "monthsOver90": 1,
        "maxDaysPastDue": 91,
        "maxOverdueAmount": 30050,
        "longestRun": 2,
        "currentRun": 1,
        "episodes": [
            {"from": "2024-03", "to": "2024-04", "months": 2, "maxDaysPastDue": 31, "maxOverdueAmount": 20000}
            | {"cured": True},
            {"from": "2024-06", "to": "2024-06", "months": 1, "maxDaysPastDue": 91, "maxOverdueAmount": 30050}
            | {"cured": True},
            {"from": "2024-08", "to": "2024-08", "months": 1, "maxDaysPastDue": 5, "maxOverdueAmount": 1000}
            | {"cured": False},
        ],
    }
    assert months[5] == {"month": "2024-05", "code": "#", "bucket": None, "daysPastDue": None, "overdueAmount": None}
    assert months[8] == {"month": "2024-08", "code": "C", "bucket": "M1", "daysPastDue": 5, "overdueAmount": 1000}
    assert [month["month"] for month in months] == [f"2023-{12}"] + [f"2024-0{month}" for month in range(1, 10)]


def test_run_that_a_window_cuts_counts_only_what_is_inside(borrower: OracleBorrower) -> None:
    loan = next(loan for loan in borrower.loans() if loan.number == "L1")

    answer = loan.overdue({"from": "2024-03-02", "to": "2024-06-02"})

    assert answer["pattern"] == "2#4"
    assert answer["longestRun"] == 1
    assert answer["currentRun"] == 1
    assert [episode["cured"] for episode in answer["episodes"]] == [False, False]


def test_current_run_skips_unreported_months_at_the_end_and_is_zero_after_a_month_on_time(
    borrower: OracleBorrower,
) -> None:
    loan = next(loan for loan in borrower.loans() if loan.number == "L1")

    assert loan.overdue({"from": "2024-03-01", "to": "2024-06-01"})["currentRun"] == 2
    assert loan.overdue({"from": "2024-03-01", "to": "2024-08-01"})["currentRun"] == 0
    assert loan.overdue({"from": "2024-05-01", "to": "2024-06-01"})["currentRun"] == 0


def test_window_without_a_month_has_zeros_and_an_empty_pattern(borrower: OracleBorrower) -> None:
    answer = borrower.overdue({"from": "2024-04-02", "to": "2024-04-30"})

    assert answer == {
        "span": {"from": "2024-04-02", "to": "2024-04-30"},
        "pattern": "",
        "months": [],
        "overdueMonths": 0,
        "monthsOver30": 0,
        "monthsOver60": 0,
        "monthsOver90": 0,
        "maxDaysPastDue": 0,
        "maxOverdueAmount": 0,
        "longestRun": 0,
        "currentRun": 0,
        "episodes": [],
        "overdueLoans": 0,
        "overdueLenders": 0,
    }


def test_borrower_of_two_loans_has_the_worst_of_each_month(borrower: OracleBorrower) -> None:
    answer = borrower.overdue(WHOLE)

    # L1 /*N12#4*C/ and L2 ////#3G... : March's `1` beats `#`, April's `3` beats `2`, May's `G` beats `#`.
    assert answer["pattern"] == "/*N13G4*C/"
    assert answer["months"][4] == {
        "month": "2024-04",
        "code": "3",
        "bucket": "M3",
        "daysPastDue": 61,
        "overdueAmount": 25000,
    }
    assert answer["months"][5] == {
        "month": "2024-05",
        "code": "G",
        "bucket": "M0",
        "daysPastDue": 0,
        "overdueAmount": 0,
    }
    assert (answer["overdueMonths"], answer["monthsOver30"], answer["monthsOver60"], answer["monthsOver90"]) == (
        4,
        2,
        2,
        1,
    )
    assert (answer["overdueLoans"], answer["overdueLenders"]) == (2, 2)
    assert answer["maxOverdueAmount"] == 30050
    assert [episode["months"] for episode in answer["episodes"]] == [2, 1, 1]


def test_repayments_of_a_window_are_the_reported_months_oldest_first(borrower: OracleBorrower) -> None:
    loan = next(loan for loan in borrower.loans() if loan.number == "L1")

    rows = loan.repayments({"from": "2024-05-01", "to": "2024-08-01"})

    assert rows == [
        {"month": "2024-06", "due": 10000, "paid": 0, "balance": 90000, "overdueAmount": 30050, "daysPastDue": 91}
        | {"bucket": "M4", "code": "4", "reportedAt": "2024-07-01T01:00:00+00:00"},
        {"month": "2024-07", "due": 0, "paid": 90000, "balance": 1, "overdueAmount": 0, "daysPastDue": 0}
        | {"bucket": "M0", "code": "*", "reportedAt": "2024-08-01T01:00:00+00:00"},
    ]


def test_loans_are_newest_first_with_their_fields(borrower: OracleBorrower) -> None:
    loans = borrower.loans()

    assert [(loan.institution, loan.number) for loan in loans] == [("MIC", "L2"), ("BNK", "L1")]
    assert loans[0].fields() == {
        "institution": {"code": "MIC", "name": "A microlender", "kind": "MICROLOAN"},
        "institutionKind": "MICROLOAN",
        "product": "CASH",
        "principal": 50000,
        "openedOn": "2024-03-31",
        "dueOn": "2024-05-31",
        "closedOn": "2024-05-01",
        "state": "TRANSFERRED",
    }


def test_closing_reported_later_leaves_months_after_it_reachable_under_a_slash(tmp_path: Path) -> None:
    first = deliver(
        tmp_path / "1",
        loans=f"BNK, L, {SOMEBODY}, CARD, 10, 2024-01-01, , , ACTIVE, 2024-01-02T00:00:00Z",
        repayments="""
            BNK, L, 2024-01, 1, 0, 10, 1, 31, 2024-02-01T00:00:00Z
            BNK, L, 2024-02, 1, 0, 10, 2, 61, 2024-03-01T00:00:00Z
        """,
    )
    second = deliver(
        tmp_path / "2",
        loans=f"BNK, L, {SOMEBODY}, CARD, 10, 2024-01-01, , 2024-01-31, WRITTEN_OFF, 2024-03-15T00:00:00Z",
    )
    oracle = Oracle(first, second)
    now, then = (oracle.borrower(SOMEBODY, at) for at in (None, datetime(2024, 3, 14, tzinfo=UTC)))
    assert now is not None
    assert then is not None

    answer = now.loans()[0].overdue({"last": "P2M"})

    assert answer["pattern"] == "G/"
    assert answer["months"][1] == {
        "month": "2024-02",
        "code": "/",
        "bucket": "M3",
        "daysPastDue": 61,
        "overdueAmount": 200,
    }
    assert (answer["overdueMonths"], answer["monthsOver60"], answer["currentRun"]) == (2, 1, 2)
    assert [row["code"] for row in now.loans()[0].repayments({"last": "P2M"})] == ["G", "/"]
    assert then.loans()[0].overdue({"last": "P2M"})["pattern"] == "23"
