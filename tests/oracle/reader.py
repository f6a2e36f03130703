"""Reads delivery folders (CSV, plain or gzip) into rows, sharing nothing with the product's loader."""

import csv
import hashlib
import hmac
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from gzip import open as open_gzip
from pathlib import Path

Fields = dict[str, str]


@dataclass(frozen=True)
class InstitutionRow:
    """An institution as reported: its code, its name, and its kind by the contract's name."""

    code: str
    name: str
    kind: str


@dataclass(frozen=True)
class LoanRow:
    """One version of a loan; amounts in minor units. Two versions are equal if nothing but their report differs."""

    institution: str
    number: str
    subject: str
    product: str
    principal: int
    opened_on: date
    due_on: date | None
    closed_on: date | None
    state: str
    reported_at: datetime = field(compare=False)

    @property
    def key(self) -> tuple[str, str]:
        """What names the loan: institution and number."""
        return self.institution, self.number


@dataclass(frozen=True)
class RepaymentRow:
    """One version of a loan's month; amounts in minor units. Equal if nothing but the report differs."""

    institution: str
    number: str
    month: date
    due: int
    paid: int
    balance: int
    overdue_amount: int
    days_past_due: int
    reported_at: datetime = field(compare=False)

    @property
    def key(self) -> tuple[str, str]:
        """What names the month's loan: institution and number."""
        return self.institution, self.number


@dataclass(frozen=True)
class InquiryRow:
    """An inquiry of an institution about a subject; all of it is its key."""

    institution: str
    subject: str
    inquired_at: datetime
    purpose: str


class Reader:
    """Reads one kind of row at a time from a delivery folder; a file that is not there has no rows."""

    def __init__(self, folder: Path, secret: bytes) -> None:
        self.folder = folder
        self.secret = secret

    def institutions(self) -> Iterator[InstitutionRow]:
        """The folder's institutions, in the file's order."""
        for row in self._rows("institutions"):
            yield InstitutionRow(row["code"], row["name"], row["kind"])

    def loans(self) -> Iterator[LoanRow]:
        """The folder's versions of loans, in the file's order."""
        for row in self._rows("loans"):
            yield LoanRow(
                institution=row["institution"],
                number=row["loan"],
                subject=self._subject(row),
                product=row["product"],
                principal=_minor(row["principal"]),
                opened_on=date.fromisoformat(row["opened_on"]),
                due_on=_day_or_none(row["due_on"]),
                closed_on=_day_or_none(row["closed_on"]),
                state=row["state"],
                reported_at=_instant(row["reported_at"]),
            )

    def repayments(self) -> Iterator[RepaymentRow]:
        """The folder's versions of months, in the file's order."""
        for row in self._rows("repayments"):
            yield RepaymentRow(
                institution=row["institution"],
                number=row["loan"],
                month=date.fromisoformat(row["month"][:7] + "-01"),
                due=_minor(row["due"]),
                paid=_minor(row["paid"]),
                balance=_minor(row["balance"]),
                overdue_amount=_minor(row["overdue_amount"]),
                days_past_due=int(row["days_past_due"]),
                reported_at=_instant(row["reported_at"]),
            )

    def inquiries(self) -> Iterator[InquiryRow]:
        """The folder's inquiries, in the file's order."""
        for row in self._rows("inquiries"):
            yield InquiryRow(row["institution"], self._subject(row), _instant(row["inquired_at"]), row["purpose"])

    def _rows(self, noun: str) -> Iterator[Fields]:
        plain, packed = self.folder / f"{noun}.csv", self.folder / f"{noun}.csv.gz"
        if plain.exists():
            with plain.open(encoding="utf-8-sig", newline="") as lines:
                yield from csv.DictReader(lines)
        if packed.exists():
            with open_gzip(packed, "rt", encoding="utf-8-sig", newline="") as lines:
                yield from csv.DictReader(lines)

    def _subject(self, row: Fields) -> str:
        if key := row.get("subject_key"):
            return key.lower()
        return subject_key(self.secret, row["document_kind"], row["document_number"])


def subject_key(secret: bytes, kind: str, number: str) -> str:
    """The 64 hex digits that stand for a document, by the platform's secret."""
    normal = number.strip().upper().replace(" ", "").replace("-", "")
    return hmac.new(secret, f"{kind}\n{normal}".encode(), hashlib.sha256).hexdigest()


def _minor(text: str) -> int:
    minor = Decimal(text) * 100
    if minor != int(minor):
        message = f"got {text!r}; an amount has at most two places"
        raise ValueError(message)
    return int(minor)


def _day_or_none(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _instant(text: str) -> datetime:
    instant = datetime.fromisoformat(text)
    if instant.tzinfo is None:
        message = f"got {text!r}; an instant has an offset"
        raise ValueError(message)
    return instant
