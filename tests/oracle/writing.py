"""Writes made-up portfolios into delivery folders, in the format of DOMAIN.md."""

import csv
from collections.abc import Callable, Sequence
from datetime import date
from gzip import open as open_gzip
from pathlib import Path
from typing import Any, TextIO

from tests.oracle.deliveries import Inquiry, Institution, Loan, Portfolio, Repayment, Subject

SUBJECT = ("subject_key", "document_kind", "document_number")
LOANS = ("institution", "loan", *SUBJECT, "product", "principal", "opened_on", "due_on", "closed_on", "state")
REPAYMENTS = ("institution", "loan", "month", "due", "paid", "balance", "overdue_amount", "days_past_due")
HEADS = {
    "institutions": ("code", "name", "kind"),
    "loans": (*LOANS, "reported_at"),
    "repayments": (*REPAYMENTS, "reported_at"),
    "inquiries": ("institution", *SUBJECT, "inquired_at", "purpose"),
}


def write(portfolio: Portfolio, folder: Path, *, gzip: bool = False) -> list[Path]:
    """Write the deliveries into folders 1, 2, … below `folder` and name them; a table without rows has no file."""
    written = []
    for number, delivery in enumerate(portfolio.deliveries, 1):
        target = folder / str(number)
        target.mkdir(parents=True)
        for noun, spell in SPELL.items():
            if rows := [spell(row) for row in getattr(delivery, noun)]:
                _write_table(target / f"{noun}.csv", [HEADS[noun], *rows], gzip=gzip)
        written.append(target)
    return written


def amount(minor: int) -> str:
    """The shortest decimal in the major unit: 1, 1.5, 1.25."""
    return f"{minor // 100}.{minor % 100:02}".rstrip("0").rstrip(".")


def _write_table(path: Path, lines: list[Sequence[str]], *, gzip: bool) -> None:
    if gzip:
        with open_gzip(path.with_name(path.name + ".gz"), "wt", encoding="utf-8", newline="") as packed:
            _write_lines(packed, lines)
    else:
        with path.open("w", encoding="utf-8", newline="") as plain:
            _write_lines(plain, lines)


def _write_lines(file: TextIO, lines: list[Sequence[str]]) -> None:
    csv.writer(file, lineterminator="\n").writerows(lines)


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""


def _subject(subject: Subject) -> tuple[str, str, str]:
    return subject.subject_key, subject.document_kind, subject.document_number


def _institution(row: Institution) -> Sequence[str]:
    return row.code, row.name, row.kind


def _loan(row: Loan) -> Sequence[str]:
    named = (row.institution, row.loan, *_subject(row.subject), row.product, amount(row.principal))
    life = (_day(row.opened_on), _day(row.due_on), _day(row.closed_on), row.state)
    return *named, *life, row.reported_at.isoformat()


def _repayment(row: Repayment) -> Sequence[str]:
    month = f"{row.month:%Y-%m}" if row.month.day == 1 else row.month.isoformat()
    amounts = (amount(minor) for minor in (row.due, row.paid, row.balance, row.overdue_amount))
    return row.institution, row.loan, month, *amounts, str(row.days_past_due), row.reported_at.isoformat()


def _inquiry(row: Inquiry) -> Sequence[str]:
    return row.institution, *_subject(row.subject), row.inquired_at.isoformat(), row.purpose


SPELL: dict[str, Callable[[Any], Sequence[str]]] = {
    "institutions": _institution,
    "loans": _loan,
    "repayments": _repayment,
    "inquiries": _inquiry,
}
