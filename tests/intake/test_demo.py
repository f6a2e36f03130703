"""The demo portfolio: the same every time, good enough for the strictest door, and alike to the market it depicts."""

import csv
import gzip
import os
import subprocess
import sys
from calendar import monthrange
from collections import Counter, defaultdict
from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

import pytest

from intake.demo import Summary, write

KINDS = {"INTERNET_PLATFORM", "CONSUMER_FINANCE", "MICROLOAN", "GUARANTEE", "INSURANCE", "BANK", "OTHER"}
PURPOSES = {
    "LOAN_APPLICATION",
    "CARD_APPLICATION",
    "GUARANTEE_REVIEW",
    "INSURANCE_UNDERWRITING",
    "POST_LOAN_MANAGEMENT",
}
REVOLVING = {"CREDIT_CARD", "CREDIT_LINE"}
LAST_MONTH = date(2026, 10, 1)
CHINA = timezone(timedelta(hours=8))
FILES = ["inquiries.csv.gz", "institutions.csv", "loans.csv.gz", "repayments.csv.gz"]


class Loan(NamedTuple):
    subject: tuple[str, str, str]
    product: str
    principal: Decimal
    opened: date
    due: date | None
    closed: date | None
    state: str
    reported: datetime


class Month(NamedTuple):
    due: Decimal
    paid: Decimal
    balance: Decimal
    overdue: Decimal
    days: int
    reported: datetime


class Delivery(NamedTuple):
    """What a folder says: every version, oldest first, by key."""

    institutions: dict[str, tuple[str, str]]
    loans: dict[tuple[str, str], list[Loan]]
    months: dict[tuple[str, str, date], list[Month]]
    inquiries: list[tuple[str, str, str, str, datetime, str]]

    def newest(self, subject: str) -> dict[tuple[str, str], Loan]:
        return {key: versions[-1] for key, versions in self.loans.items() if subject in versions[-1].subject}

    def history(self, key: tuple[str, str]) -> list[tuple[date, Month]]:
        return sorted((k[2], versions[-1]) for k, versions in self.months.items() if k[:2] == key)


def rows(path: Path) -> list[dict[str, str]]:
    data = path.read_bytes()
    text = (gzip.decompress(data) if path.suffix == ".gz" else data).decode("utf-8")
    found = list(csv.DictReader(text.splitlines(), strict=True))
    assert all(None not in row and None not in row.values() for row in found)
    return found


def read(folder: Path) -> Delivery:
    loans: dict[tuple[str, str], list[Loan]] = defaultdict(list)
    months: dict[tuple[str, str, date], list[Month]] = defaultdict(list)
    for r in rows(folder / "loans.csv.gz"):
        loans[r["institution"], r["loan"]].append(
            Loan(
                (r["subject_key"], r["document_kind"], r["document_number"]),
                r["product"],
                Decimal(r["principal"]),
                date.fromisoformat(r["opened_on"]),
                date.fromisoformat(r["due_on"]) if r["due_on"] else None,
                date.fromisoformat(r["closed_on"]) if r["closed_on"] else None,
                r["state"],
                datetime.fromisoformat(r["reported_at"]),
            )
        )
    for r in rows(folder / "repayments.csv.gz"):
        months[r["institution"], r["loan"], date.fromisoformat(r["month"] + "-01")].append(
            Month(
                Decimal(r["due"]),
                Decimal(r["paid"]),
                Decimal(r["balance"]),
                Decimal(r["overdue_amount"]),
                int(r["days_past_due"]),
                datetime.fromisoformat(r["reported_at"]),
            )
        )
    for loan_versions in loans.values():
        loan_versions.sort(key=lambda version: version.reported)
    for month_versions in months.values():
        month_versions.sort(key=lambda version: version.reported)
    return Delivery(
        {r["code"]: (r["name"], r["kind"]) for r in rows(folder / "institutions.csv")},
        dict(loans),
        dict(months),
        [
            (
                r["institution"],
                r["subject_key"],
                r["document_kind"],
                r["document_number"],
                datetime.fromisoformat(r["inquired_at"]),
                r["purpose"],
            )
            for r in rows(folder / "inquiries.csv.gz")
        ],
    )


def last_day(month: date) -> date:
    return month.replace(day=monthrange(month.year, month.month)[1])


def key_of(number: int) -> str:
    return sha256(f"demo borrower {number}".encode()).hexdigest()


def later(month: date, by: int = 1) -> date:
    place = month.year * 12 + month.month - 1 + by
    return date(place // 12, place % 12 + 1, 1)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("demo") / "delivery"
    write(path, borrowers=200)
    return path


@pytest.fixture(scope="module")
def delivery(folder: Path) -> Delivery:
    return read(folder)


@pytest.fixture(scope="module")
def market(tmp_path_factory: pytest.TempPathFactory) -> Delivery:
    """Enough borrowers for shares to mean something."""
    path = tmp_path_factory.mktemp("demo") / "market"
    write(path, borrowers=2_000, seed=7)
    return read(path)


def test_write_twice_same_bytes(folder: Path, tmp_path: Path) -> None:
    write(tmp_path / "other name", borrowers=200)

    for name in FILES:
        assert (tmp_path / "other name" / name).read_bytes() == (folder / name).read_bytes()


def test_write_other_hash_seed_same_bytes(folder: Path, tmp_path: Path) -> None:
    code = (
        f"from pathlib import Path; from intake.demo import write; write(Path({str(tmp_path / 'd')!r}), borrowers=200)"
    )

    subprocess.run([sys.executable, "-c", code], check=True, env={**os.environ, "PYTHONHASHSEED": "4711"})

    for name in FILES:
        assert (tmp_path / "d" / name).read_bytes() == (folder / name).read_bytes()


def test_write_other_seed_other_rows(folder: Path, tmp_path: Path) -> None:
    write(tmp_path / "d", borrowers=200, seed=2)

    assert (tmp_path / "d" / "loans.csv.gz").read_bytes() != (folder / "loans.csv.gz").read_bytes()


def test_write_fewer_borrowers_same_histories(delivery: Delivery, tmp_path: Path) -> None:
    write(tmp_path / "d", borrowers=60)
    fewer = read(tmp_path / "d")

    assert fewer.loans.items() <= delivery.loans.items()
    assert fewer.months.items() <= delivery.months.items()
    assert len(fewer.loans) < len(delivery.loans)


def test_write_counts_and_progress_match_rows(tmp_path: Path) -> None:
    said: list[tuple[int, int]] = []

    summary = write(tmp_path / "d", borrowers=250, progress=lambda done, total: said.append((done, total)))

    assert said == [(100, 250), (200, 250), (250, 250)]
    assert summary == Summary(
        *(
            len(rows(tmp_path / "d" / f"{n}"))
            for n in ["institutions.csv", *(f"{n}.csv.gz" for n in Summary._fields[1:])]
        )
    )


def test_write_gzip_header_without_name_and_time(folder: Path) -> None:
    assert (folder / "loans.csv.gz").read_bytes()[:8] == bytes([0x1F, 0x8B, 8, 0, 0, 0, 0, 0])


def test_write_earlier_demo_replaced(folder: Path, tmp_path: Path) -> None:
    write(tmp_path / "d", borrowers=10)
    write(tmp_path / "d", borrowers=200)

    assert sorted(entry.name for entry in (tmp_path / "d").iterdir()) == FILES
    assert (tmp_path / "d" / "loans.csv.gz").read_bytes() == (folder / "loans.csv.gz").read_bytes()
    assert [entry.name for entry in tmp_path.iterdir()] == ["d"]


def test_write_folder_with_other_files_refused_and_untouched(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")

    with pytest.raises(FileExistsError, match=r"thesis\.txt"):
        write(tmp_path, borrowers=1)

    assert [entry.name for entry in tmp_path.iterdir()] == ["thesis.txt"]


def test_write_interrupted_leaves_earlier_demo(tmp_path: Path) -> None:
    write(tmp_path / "d", borrowers=10)
    was = (tmp_path / "d" / "loans.csv.gz").read_bytes()

    def interrupt(_done: int, _total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write(tmp_path / "d", borrowers=100, progress=interrupt)

    assert (tmp_path / "d" / "loans.csv.gz").read_bytes() == was
    assert [entry.name for entry in tmp_path.iterdir()] == ["d"]


@pytest.mark.parametrize(
    ("argument", "value", "allowed"),
    [("borrowers", 0, "1 or more"), ("months", 23, "24 to 240"), ("last_month", date(2026, 10, 2), "first day")],
)
def test_write_argument_out_of_range_refused(tmp_path: Path, argument: str, value: object, allowed: str) -> None:
    with pytest.raises(ValueError, match=f"{argument}: got {value}, allowed is .*{allowed}"):
        write(tmp_path / "d", **{argument: value})  # type: ignore[arg-type]

    assert not (tmp_path / "d").exists()


def test_institutions_of_every_kind_in_the_tens(delivery: Delivery) -> None:
    assert {kind for _, kind in delivery.institutions.values()} == KINDS
    assert 20 <= len(delivery.institutions) <= 60
    assert len({name for name, _ in delivery.institutions.values()}) == len(delivery.institutions)


@pytest.fixture(scope="module", params=["delivery", "market", "short"])
def any_delivery(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Delivery, date]:
    """Rules hold for every size, seed and span."""
    if request.param == "short":
        path = tmp_path_factory.mktemp("demo") / "short"
        write(path, borrowers=150, seed=-3, months=24, last_month=date(2024, 2, 1))
        return read(path), date(2024, 2, 1)
    found: Delivery = request.getfixturevalue(request.param)
    return found, LAST_MONTH


def test_loans_obey_the_door(any_delivery: tuple[Delivery, date]) -> None:
    delivery, last = any_delivery
    limit = datetime.combine(last_day(last) + timedelta(days=11), time(), CHINA)

    for (institution, _), versions in delivery.loans.items():
        assert institution in delivery.institutions
        assert len({version.reported for version in versions}) == len(versions) == len(set(versions))
        assert len({(version.subject, version.opened) for version in versions}) == 1
        for loan in versions:
            key, kind, number = loan.subject
            assert (len(key) == 64 and not kind and not number) or (not key and kind and number)
            assert loan.principal > 0
            assert loan.principal == loan.principal.quantize(Decimal("0.01"))
            assert loan.opened <= last_day(last)
            assert loan.due is None or loan.due > loan.opened
            assert (loan.state == "ACTIVE") == (loan.closed is None)
            assert loan.state in {"ACTIVE", "SETTLED", "WRITTEN_OFF", "TRANSFERRED"}
            assert loan.closed is None or loan.opened <= loan.closed <= last_day(last)
            assert (loan.closed or loan.opened) < loan.reported.date()
            assert loan.reported < limit
        assert (versions[-1].due is None) == (versions[-1].product in REVOLVING)
        assert versions[-1].due is None or versions[-1].due <= versions[-1].opened + timedelta(days=36 * 31)
        if versions[-1].closed:
            assert versions[0].state == "ACTIVE"


def test_repayments_obey_the_door(any_delivery: tuple[Delivery, date]) -> None:
    delivery, last = any_delivery
    limit = datetime.combine(last_day(last) + timedelta(days=11), time(), CHINA)

    for (institution, number, month), versions in delivery.months.items():
        loan = delivery.loans[institution, number][-1]
        assert loan.opened.replace(day=1) <= month <= min(loan.closed or last, last)
        assert len({version.reported for version in versions}) == len(versions)
        for row in versions:
            assert row.days >= 0
            for amount in (row.due, row.paid, row.balance, row.overdue):
                assert amount >= 0
                assert amount == amount.quantize(Decimal("0.01"))
            assert row.days > 0 or row.overdue == 0
            assert row.reported.date() > last_day(month)
            assert row.reported < limit
            assert row.reported > delivery.loans[institution, number][0].reported


def test_inquiries_obey_the_door(any_delivery: tuple[Delivery, date]) -> None:
    delivery, last = any_delivery

    assert len(set(delivery.inquiries)) == len(delivery.inquiries)
    for institution, key, kind, number, at, purpose in delivery.inquiries:
        assert institution in delivery.institutions
        assert (len(key) == 64 and not kind and not number) or (not key and kind and number)
        assert purpose in PURPOSES
        assert at.date() <= last_day(last)
        assert at.utcoffset() == timedelta(hours=8)


def test_instalment_loan_balance_falls_by_paid_principal(delivery: Delivery) -> None:
    for (institution, number, month), versions in delivery.months.items():
        row, before = versions[-1], delivery.months.get((institution, number, later(month, -1)))
        loan = delivery.loans[institution, number][-1]
        if before is None or loan.product in REVOLVING or loan.state == "TRANSFERRED":
            continue
        fallen = before[-1].balance - row.balance
        assert 0 <= fallen <= row.paid
        assert row.paid <= fallen * 2 or row.paid - fallen <= before[-1].balance * Decimal("0.13")
        assert before[-1].overdue + row.due - row.paid <= row.overdue + row.balance


def test_overdue_days_grow_by_the_days_of_the_month(market: Delivery) -> None:
    checked = 0
    for (institution, number, month), versions in market.months.items():
        row, before = versions[-1], market.months.get((institution, number, later(month, -1)))
        if before is None or not row.days:
            continue
        checked += 1
        grown = row.days - before[-1].days
        assert grown <= last_day(month).day
        if row.paid == 0 and before[-1].days:
            assert grown == last_day(month).day
        if grown < 0:
            assert row.paid > 0
    assert checked > 1_000


def test_settled_loan_has_nothing_left(market: Delivery) -> None:
    for key, versions in market.loans.items():
        loan = versions[-1]
        final = market.months.get((*key, loan.closed.replace(day=1))) if loan.closed else None
        if final and loan.state == "SETTLED":
            assert not any((final[-1].balance, final[-1].overdue, final[-1].days))
        if final and loan.state == "WRITTEN_OFF":
            assert final[-1].days > 180
            assert final[-1].overdue > 0


def test_borrower_one_many_lenders_late_repeatedly(delivery: Delivery) -> None:
    loans = delivery.newest(key_of(1))
    late = sorted({month for key in loans for month, row in delivery.history(key) if row.days})
    recent = [i for i in delivery.inquiries if i[1] == key_of(1) and i[4].date() >= later(LAST_MONTH, -2)]

    assert len(loans) >= 8
    assert len({institution for institution, _ in loans}) >= 5
    assert sum(loan.state == "ACTIVE" for loan in loans.values()) >= 5
    assert any(later(month) not in late for month in late)
    assert sum(later(month, -1) not in late for month in late) >= 3
    assert max(row.days for key in loans for _, row in delivery.history(key)) in range(61, 91)
    assert LAST_MONTH in late
    assert len({i[0] for i in recent}) >= 5


def test_borrower_two_never_late(delivery: Delivery) -> None:
    loans = delivery.newest(key_of(2))

    assert len(loans) in {2, 3}
    assert all(row.days == 0 for key in loans for _, row in delivery.history(key))


def test_borrower_three_one_loan_written_off(delivery: Delivery) -> None:
    written_off = [key for key, loan in delivery.newest(key_of(3)).items() if loan.state == "WRITTEN_OFF"]

    assert len(written_off) == 1
    assert delivery.history(written_off[0])[-1][1].days > 180


def test_borrower_four_by_document_one_cured_episode(delivery: Delivery) -> None:
    loans = delivery.newest("DEMO-0000-0004")
    late = sorted({month for key in loans for month, row in delivery.history(key) if row.days})

    assert len(loans) >= 3
    assert {loan.subject for loan in loans.values()} == {("", "ID_CARD", "DEMO-0000-0004")}
    assert not delivery.newest(key_of(4))
    assert late == [late[0], later(late[0])]
    assert {i[3] for i in delivery.inquiries} == {"", "DEMO-0000-0004"}


def test_examples_other_seed_and_span_same_lives(delivery: Delivery, tmp_path: Path) -> None:
    write(tmp_path / "d", borrowers=10, seed=99, months=60)
    other = read(tmp_path / "d")

    for number in (1, 2, 3):
        ours, theirs = delivery.newest(key_of(number)), other.newest(key_of(number))
        assert ours.keys() == theirs.keys()
        for key in ours:
            assert [(m, row.days) for m, row in delivery.history(key)] == [(m, r.days) for m, r in other.history(key)]


def test_market_versions_arrive_later_for_a_small_share(market: Delivery) -> None:
    corrected = sum(len(versions) > 1 for versions in market.months.values()) / len(market.months)
    reported = Counter(key[:2] for key in market.months)
    alive = sum(
        (end.year - v[-1].opened.year) * 12 + end.month - v[-1].opened.month + 1
        for v in market.loans.values()
        for end in [v[-1].closed or LAST_MONTH]
    )

    assert 0.004 < corrected < 0.012
    assert 0.003 < 1 - sum(reported.values()) / alive < 0.02


def test_market_shares_plausible(market: Delivery) -> None:
    now = [v[-1] for (_, _, month), v in market.months.items() if month == LAST_MONTH]
    total = sum(row.balance for row in now)
    per_borrower = Counter(v[-1].subject for v in market.loans.values())
    states = Counter(v[-1].state for v in market.loans.values())
    night = sum(i[4].hour < 6 or i[4].hour >= 22 for i in market.inquiries)

    assert 0.02 < sum(row.balance for row in now if row.days > 30) / total < 0.09
    assert 0.008 < sum(row.balance for row in now if row.days > 90) / total < 0.05
    assert 2.4 < sum(per_borrower.values()) / len(per_borrower) < 3.8
    assert max(per_borrower.values()) > 20
    assert states["ACTIVE"] > 0.4 * states.total()
    assert min(states["WRITTEN_OFF"], states["TRANSFERRED"]) > 0
    assert 0.05 < night / len(market.inquiries) < 0.3
    assert {i[5] for i in market.inquiries} == PURPOSES


def test_market_lateness_rises_with_lenders(market: Delivery) -> None:
    lenders: dict[tuple[str, str, str], set[str]] = defaultdict(set)
    bad = set()
    for key, versions in market.loans.items():
        lenders[versions[-1].subject].add(key[0])
    for (institution, number, _), rows_of_month in market.months.items():
        if rows_of_month[-1].days > 30:
            bad.add(market.loans[institution, number][-1].subject)
    groups: dict[int, list[bool]] = defaultdict(list)
    for subject, found in lenders.items():
        groups[0 if len(found) == 1 else 1 if len(found) <= 3 else 2].append(subject in bad)
    few, some, many = (sum(groups[place]) / len(groups[place]) for place in range(3))

    assert few < some < many


def test_market_hard_year_shows(market: Delivery) -> None:
    def rate(first: date, months: int) -> float:
        span = {later(first, by) for by in range(months)}
        late = [row[-1].days > 30 for (_, _, month), row in market.months.items() if month in span]
        return sum(late) / len(late)

    calm, hard, after = rate(date(2023, 10, 1), 8), rate(date(2025, 5, 1), 8), rate(date(2026, 3, 1), 8)

    assert hard > 1.5 * calm
    assert hard > 1.1 * after


def test_market_inquiries_cluster_before_loans(market: Delivery) -> None:
    asked: dict[tuple[str, str, str], list[date]] = defaultdict(list)
    for _, key, kind, number, at, purpose in market.inquiries:
        if purpose != "POST_LOAN_MANAGEMENT":
            asked[key, kind, number].append(at.date())
    before = after = 0
    for versions in market.loans.values():
        loan = versions[-1]
        gaps = [(loan.opened - day).days for day in asked[loan.subject]]
        assert any(0 <= gap <= 7 for gap in gaps)
        before += sum(0 <= gap <= 7 for gap in gaps)
        after += sum(-30 <= gap <= -23 for gap in gaps)

    assert before > 5 * after
