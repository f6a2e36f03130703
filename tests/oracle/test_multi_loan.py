"""Multi-loan figures, filters and the edges of days, against counts made by hand."""

from pathlib import Path
from typing import Any

import pytest

from tests.oracle.errors import OracleError
from tests.oracle.folders import SOMEBODY, SOMEBODY_ELSE, deliver
from tests.oracle.oracle import Oracle, OracleBorrower

WINDOW = {"from": "2024-03-10", "to": "2024-04-30"}
LOANS = f"""
    BNK, A, {SOMEBODY}, CARD, 1000.00, 2024-01-10, , 2024-03-10, SETTLED, 2024-03-10T12:00:00Z
    BNK, B, {SOMEBODY}, CARD, 2000.00, 2024-03-10, , , ACTIVE, 2024-03-10T12:00:00Z
    MIC, C, {SOMEBODY}, CASH, 300, 2024-03-11, , 2024-03-11, WRITTEN_OFF, 2024-03-11T12:00:00Z
    MIC, D, {SOMEBODY}, CASH, 400.5, 2024-04-30, , , ACTIVE, 2024-04-30T12:00:00Z
"""
REPAYMENTS = """
    BNK, A, 2024-03, 50, 0, 0, 50, 10, 2024-04-02T00:00:00Z
    BNK, B, 2024-03, 100, 100, 1900, 0, 0, 2024-04-02T00:00:00Z
    BNK, B, 2024-04, 100, 100, 1800, 0, 0, 2024-05-02T00:00:00Z
"""
INQUIRIES = f"""
    NET, {SOMEBODY}, 2024-03-09T15:59:59.999999Z, CREDIT
    NET, {SOMEBODY}, 2024-03-09T16:00:00Z, CREDIT
    MIC, {SOMEBODY}, 2024-04-29T23:59:59+08:00, CREDIT
    BNK, {SOMEBODY}, 2024-04-29T16:00:00Z, CREDIT
    BNK, {SOMEBODY}, 2024-04-01T10:00:00+08:00, CREDIT
    NET, {SOMEBODY_ELSE}, 2024-04-01T10:00:00+08:00, CREDIT
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return deliver(tmp_path / "1", loans=LOANS, repayments=REPAYMENTS, inquiries=INQUIRIES)


def borrower_of(folder: Path, **settings: str) -> OracleBorrower:
    borrower = Oracle(folder, **settings).borrower(SOMEBODY)
    assert borrower is not None
    return borrower


def test_multi_loan_of_four_loans_has_every_figure(folder: Path) -> None:
    assert borrower_of(folder).multi_loan(WINDOW) == {
        "span": {"from": "2024-03-10", "to": "2024-04-30"},
        "loansOpened": 2,  # B, C
        "loansActive": 3,  # A on its last day, B, C
        "loansSettled": 1,  # A
        "loansAtEnd": 1,  # B
        "lendersOpened": 2,
        "lendersActive": 2,
        "lendersAtEnd": 1,
        "inquiries": 3,
        "inquirers": 3,
        "peakLoans": 2,  # A and B on 10 March, B and C on the 11th
        "peakLenders": 2,  # on the 11th
        "loansOpenedWhileOverdue": 2,  # B and C: A is overdue in March
        "principalOpened": 230000,
        "balanceAtEnd": 180000,
        "dueInLastMonth": 10000,
        "byInstitutionKind": [
            {"kind": "INTERNET_PLATFORM", "loansOpened": 0, "loansActive": 0, "loansAtEnd": 0, "lendersActive": 0}
            | {"inquiries": 1, "principalOpened": 0, "balanceAtEnd": 0},
            {"kind": "MICROLOAN", "loansOpened": 1, "loansActive": 1, "loansAtEnd": 0, "lendersActive": 1}
            | {"inquiries": 1, "principalOpened": 30000, "balanceAtEnd": 0},
            {"kind": "BANK", "loansOpened": 1, "loansActive": 2, "loansAtEnd": 1, "lendersActive": 1}
            | {"inquiries": 1, "principalOpened": 200000, "balanceAtEnd": 180000},
        ],
    }


def test_multi_loan_of_one_day_counts_a_loan_on_the_days_it_opens_and_closes(folder: Path) -> None:
    borrower = borrower_of(folder)

    eve, day, after = (
        borrower.multi_loan({"last": "P1D", "to": to}) for to in ("2024-03-11", "2024-03-12", "2024-03-13")
    )

    assert [answer["loansActive"] for answer in (eve, day, after)] == [2, 2, 1]
    assert [answer["loansAtEnd"] for answer in (eve, day, after)] == [2, 2, 1]
    assert [answer["peakLenders"] for answer in (eve, day, after)] == [1, 2, 1]
    assert [answer["loansSettled"] for answer in (eve, day, after)] == [1, 0, 0]


def test_balance_at_end_takes_a_month_from_its_first_day_and_the_principal_before_any(folder: Path) -> None:
    borrower = borrower_of(folder)

    ends = ("2024-03-02", "2024-03-12", "2024-04-01", "2024-04-02", "2024-05-02")
    balances = [borrower.multi_loan({"last": "P1D", "to": to})["balanceAtEnd"] for to in ends]

    # A has no month before March; on 11 March B counts its March balance and C its principal; on 1 May D too.
    assert balances == [0, 190000 + 30000, 190000, 180000, 180000 + 40050]


def test_due_in_last_month_counts_a_month_whose_first_day_is_before_the_window(folder: Path) -> None:
    borrower = borrower_of(folder)

    answer = borrower.multi_loan({"from": "2024-03-15", "to": "2024-03-20"})

    # A was closed on the 10th, and its March is still reported.
    assert answer["dueInLastMonth"] == 15000


def test_window_before_everything_and_after_everything_counts_what_is_alive(folder: Path) -> None:
    borrower = borrower_of(folder)

    before = borrower.multi_loan({"from": "1990-01-01", "to": "2020-01-01"})
    after = borrower.multi_loan({"from": "2040-01-01", "to": "2070-01-01"})

    assert (before["loansActive"], before["peakLoans"], before["inquiries"]) == (0, 0, 0)
    assert before["byInstitutionKind"] == []
    assert (after["loansActive"], after["peakLoans"], after["peakLenders"]) == (2, 2, 2)
    assert (after["balanceAtEnd"], after["dueInLastMonth"]) == (180000 + 40050, 0)


def test_inquiries_of_the_asking_institution_are_not_counted(folder: Path) -> None:
    answer = borrower_of(folder, asking="BNK").multi_loan(WINDOW)

    assert (answer["inquiries"], answer["inquirers"]) == (2, 2)
    assert [group["inquiries"] for group in answer["byInstitutionKind"]] == [1, 1, 0]


def test_inquiries_in_another_time_zone_fall_on_other_days(folder: Path) -> None:
    answer = borrower_of(folder, time_zone="UTC").multi_loan(WINDOW)

    # In UTC both of NET are on 9 March, and BNK's second is on 29 April.
    assert (answer["inquiries"], answer["inquirers"]) == (3, 2)


@pytest.mark.parametrize(
    ("given", "numbers"),
    [
        ({}, "DCBA"),
        ({"institutionKinds": None}, "DCBA"),
        ({"institutionKinds": ["MICROLOAN"]}, "DC"),
        ({"products": ["CARD", "NONE"]}, "BA"),
        ({"states": ["ACTIVE", "WRITTEN_OFF"]}, "DCB"),
        ({"opened": {"from": "2024-03-10", "to": "2024-04-30"}}, "CB"),
        ({"active": {"from": "2024-03-10", "to": "2024-03-11"}}, "BA"),
        ({"active": {"from": "2024-03-11", "to": "2024-03-12"}, "institutionKinds": ["BANK"]}, "B"),
        ({"states": []}, ""),
    ],
)
def test_filter_of_each_kind_keeps_the_loans_that_pass(folder: Path, given: dict[str, Any], numbers: str) -> None:
    assert "".join(loan.number for loan in borrower_of(folder).loans(given)) == numbers


def test_filter_leaves_the_other_overdue_loans_and_applies_its_kinds_alone_to_inquiries(folder: Path) -> None:
    borrower = borrower_of(folder)

    micro = borrower.multi_loan(WINDOW, {"institutionKinds": ["MICROLOAN"]})
    card = borrower.multi_loan(WINDOW, {"products": ["NONE"]})

    assert (micro["loansOpened"], micro["loansOpenedWhileOverdue"]) == (1, 1)
    assert (micro["inquiries"], micro["inquirers"]) == (1, 1)
    assert (card["loansActive"], card["inquiries"]) == (0, 3)
    assert [group["kind"] for group in card["byInstitutionKind"]] == ["INTERNET_PLATFORM", "MICROLOAN", "BANK"]


def test_loan_opened_in_its_own_overdue_month_is_not_opened_while_overdue(folder: Path, tmp_path: Path) -> None:
    late = "MIC, D, 2024-04, 1, 0, 1, 1, 1, 2024-05-02T00:00:00Z"
    borrower = Oracle(folder, deliver(tmp_path / "2", repayments=late)).borrower(SOMEBODY)
    assert borrower is not None

    assert borrower.multi_loan({"from": "2024-04-30", "to": "2024-05-01"})["loansOpenedWhileOverdue"] == 0


def test_filter_with_an_empty_window_is_an_error(folder: Path) -> None:
    with pytest.raises(OracleError):
        borrower_of(folder).loans({"opened": {"from": "2024-01-01", "to": "2024-01-01"}})


def test_overdue_with_a_filter_that_no_loan_passes_has_only_slashes(folder: Path) -> None:
    answer = borrower_of(folder).overdue({"last": "P2M"}, {"products": ["NONE"]})

    assert (answer["pattern"], answer["overdueLoans"], answer["maxDaysPastDue"]) == ("//", 0, 0)
    assert answer["months"][0] == {
        "month": "2024-03",
        "code": "/",
        "bucket": None,
        "daysPastDue": None,
        "overdueAmount": None,
    }
