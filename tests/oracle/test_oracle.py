"""Versions, what was known when, coverage and the ways to name a subject, worked out by hand."""

import hashlib
import hmac
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from tests.oracle.folders import SOMEBODY, SOMEBODY_ELSE, deliver
from tests.oracle.oracle import Oracle

OPENED = "2024-01-01, , , ACTIVE"


def at(day: int, month: int = 3) -> datetime:
    return datetime(2024, month, day, tzinfo=UTC)


def balance(oracle: Oracle, as_of: datetime | None) -> tuple[int, str] | None:
    borrower = oracle.borrower(SOMEBODY, as_of)
    if borrower is None or not borrower.loans():
        return None
    rows = borrower.loans()[0].repayments({"from": "2024-01-01", "to": "2024-02-01"})
    return (rows[0]["balance"], rows[0]["reportedAt"][:10]) if rows else None


def month(balance: int, day: int) -> str:
    return f"BNK, L, 2024-01, 0, 0, {balance}, 0, 0, 2024-03-{day:02}T00:00:00Z"


@pytest.fixture
def loan(tmp_path: Path) -> Path:
    return deliver(tmp_path / "0", loans=f"BNK, L, {SOMEBODY}, CARD, 1, {OPENED}, 2024-01-01T00:00:00Z")


@pytest.mark.parametrize(
    "deliveries",
    [
        [[month(1, 10), month(2, 20)]],
        [[month(2, 20), month(1, 10)]],
        [[month(1, 10)], [month(2, 20)]],
        [[month(2, 20)], [month(1, 10)]],
        [[month(1, 10)], [month(1, 10)], [month(2, 20)], [month(1, 10)]],
        [[month(1, 10)], [month(1, 12)], [month(2, 20)], [month(2, 25)]],
    ],
)
def test_versions_in_any_order_of_arrival_make_the_same_history(
    tmp_path: Path, loan: Path, deliveries: list[list[str]]
) -> None:
    folders = [deliver(tmp_path / str(n), repayments="\n".join(rows)) for n, rows in enumerate(deliveries, 1)]
    oracle = Oracle(loan, *folders)

    assert balance(oracle, at(9)) is None
    assert balance(oracle, at(10)) == (100, "2024-03-10")
    assert balance(oracle, at(19)) == (100, "2024-03-10")
    assert balance(oracle, at(20)) == (200, "2024-03-20")
    assert balance(oracle, at(31)) == (200, "2024-03-20")
    assert balance(oracle, None) == (200, "2024-03-20")


def test_version_that_arrives_between_two_equal_ones_is_newest_only_in_between(tmp_path: Path, loan: Path) -> None:
    folders = [deliver(tmp_path / str(day), repayments=month(of, day)) for of, day in ((1, 10), (1, 20), (2, 15))]
    oracle = Oracle(loan, *folders)

    assert balance(oracle, at(16)) == (200, "2024-03-15")
    assert balance(oracle, None) == (100, "2024-03-20")


def test_versions_of_one_instant_that_differ_are_not_for_the_oracle_to_judge(tmp_path: Path, loan: Path) -> None:
    with pytest.raises(ValueError, match="contradict"):
        Oracle(loan, deliver(tmp_path / "1", repayments="\n".join([month(1, 10), month(2, 10)])))


def test_loan_corrected_to_another_subject_moves_when_that_is_reported(tmp_path: Path, loan: Path) -> None:
    moved = deliver(tmp_path / "1", loans=f"BNK, L, {SOMEBODY_ELSE}, CARD, 1, {OPENED}, 2024-02-01T00:00:00Z")
    oracle = Oracle(loan, moved)
    first, second = oracle.borrower(SOMEBODY), oracle.borrower(SOMEBODY_ELSE)
    assert first is not None
    assert second is not None

    assert first.loans() == []
    assert [found.number for found in second.loans()] == ["L"]
    assert oracle.borrower(SOMEBODY_ELSE, at(31, 1)) is None
    then = oracle.borrower(SOMEBODY, at(31, 1))
    assert then is not None
    assert len(then.loans()) == 1


def test_borrower_is_known_from_the_first_loan_or_inquiry(tmp_path: Path, loan: Path) -> None:
    asked = deliver(tmp_path / "1", inquiries=f"MIC, {SOMEBODY_ELSE}, 2024-02-01T08:00:00+08:00, CREDIT")
    oracle = Oracle(loan, asked)

    assert oracle.borrower(SOMEBODY, datetime(2023, 12, 31, 23, 59, 59, 999999, tzinfo=UTC)) is None
    assert oracle.borrower(SOMEBODY, at(1, 1)) is not None
    assert oracle.borrower(SOMEBODY_ELSE, datetime(2024, 1, 31, 23, 59, tzinfo=UTC)) is None
    only_asked = oracle.borrower(SOMEBODY_ELSE, at(1, 2))
    assert only_asked is not None
    assert only_asked.loans() == []
    assert only_asked.multi_loan({"from": "2024-02-01", "to": "2024-02-02"})["inquiries"] == 1
    assert oracle.borrower("0" * 64) is None


def test_coverage_counts_what_is_known_at_the_instant(tmp_path: Path, loan: Path) -> None:
    rest = deliver(
        tmp_path / "1",
        packed=True,
        repayments=f"{month(1, 10)}\n{month(2, 20)}\nBNK, L, 2024-03, 0, 0, 1, 0, 0, 2024-04-02T00:00:00Z",
        inquiries=f"MIC, {SOMEBODY_ELSE}, 2024-03-15T00:00:00Z, CREDIT",
    )
    oracle = Oracle(loan, rest)

    nothing = {"firstMonth": None, "lastMonth": None, "horizon": None, "repayments": 0, "institutions": 3}
    assert oracle.coverage(datetime(2023, 1, 1, tzinfo=UTC)) == nothing | {"borrowers": 0, "loans": 0}
    assert oracle.coverage(at(9)) == nothing | {"borrowers": 1, "loans": 1}
    january = {"firstMonth": "2024-01", "lastMonth": "2024-01", "horizon": "2024-02-01", "institutions": 3}
    assert oracle.coverage(at(10)) == january | {"borrowers": 1, "loans": 1, "repayments": 1}
    assert oracle.coverage() == {
        "firstMonth": "2024-01",
        "lastMonth": "2024-03",
        "horizon": "2024-04-01",
        "borrowers": 2,
        "loans": 1,
        "repayments": 2,
        "institutions": 3,
    }


def test_last_means_another_span_at_another_horizon(tmp_path: Path, loan: Path) -> None:
    rows = f"{month(1, 10)}\nBNK, L, 2024-03, 0, 0, 1, 0, 0, 2024-04-02T00:00:00Z"
    oracle = Oracle(loan, deliver(tmp_path / "1", repayments=rows))
    then, now = oracle.borrower(SOMEBODY, at(10)), oracle.borrower(SOMEBODY)
    assert then is not None
    assert now is not None

    assert (oracle.horizon(at(10)), oracle.horizon()) == (date(2024, 2, 1), date(2024, 4, 1))
    assert then.overdue({"last": "P2M"})["pattern"] == "/*"
    assert now.overdue({"last": "P2M"})["pattern"] == "#*"


def test_document_becomes_the_key_of_its_normal_form(tmp_path: Path) -> None:
    folder = tmp_path / "1"
    folder.mkdir()
    (folder / "institutions.csv").write_text("code,name,kind\nBNK,A bank,BANK\n")
    (folder / "inquiries.csv").write_bytes(
        "\ufeffpurpose,inquired_at,document_number,document_kind,subject_key,institution\r\n"
        "CREDIT,2024-01-01T00:00:00Z,  ab-1 2x ,ID,,BNK\r\n"
        "CREDIT,2024-01-01T08:00:00+08:00,AB12X,ID,,BNK\r\n".encode()
    )
    key = hmac.new(b"secret", b"ID\nAB12X", hashlib.sha256).hexdigest()
    borrower = Oracle(folder, secret="secret").borrower(key)  # noqa: S106 - a test's own secret
    assert borrower is not None

    # Two spellings of one document at one instant are one inquiry.
    assert borrower.multi_loan({"from": "2024-01-01", "to": "2024-01-02"})["inquiries"] == 1
