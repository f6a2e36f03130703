"""Leaves out of drawn rows what a delivery may not hold: contradictions, and months outside their loan's life."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import TypeVar

from tests.oracle.deliveries import Loan, Repayment, Subject
from tests.oracle.histories import PlacedRepayment
from tests.oracle.lives import PlacedLoan
from tests.oracle.windows import month_of

Placed = TypeVar("Placed", PlacedLoan, PlacedRepayment)
ANY_INSTANT = datetime.max.replace(tzinfo=UTC)


def without_contradictions(placed: Sequence[Placed]) -> list[Placed]:
    """The versions without those that differ from an earlier one of the same key and report."""
    said: dict[object, Loan | Repayment] = {}
    return [version for version in placed if said.setdefault(_report(version.row), version.row) == version.row]


def within_life(months: Sequence[PlacedRepayment], loans: Sequence[PlacedLoan]) -> list[PlacedRepayment]:
    """The months that the door lets in, now and in a database that received only what was reported by an instant."""
    lives: dict[tuple[str, str], list[PlacedLoan]] = defaultdict(list)
    for version in sorted(loans, key=lambda version: version.row.reported_at):
        lives[version.row.institution, version.row.loan].append(version)
    return [month for month in months if _accepted(month, lives[month.row.institution, month.row.loan])]


def without_restatements(placed: Sequence[Placed]) -> list[Placed]:
    """The versions of which no two of one key say the same: how to count those, DOMAIN.md leaves to the reader."""
    said: dict[object, Loan | Repayment] = {}
    return [version for version in placed if said.setdefault(_content(version.row), version.row) == version.row]


def _accepted(month: PlacedRepayment, life: Iterable[PlacedLoan]) -> bool:
    """Whether the loan was known at the month's report, and each version in force then or later holds the month.

    Only versions that arrive no later than the month can refuse it. But an opening after it never comes.
    """
    here = [version.row for version in life if version.delivery <= month.delivery]
    before = [row for row in here if row.reported_at <= month.row.reported_at]
    later = [row for row in here if row.reported_at > month.row.reported_at]
    openings = [month_of(version.row.opened_on) for version in life]
    return (
        bool(before)
        and max(openings) <= month_of(month.row.month)
        and all(row.closed_on is None or month_of(month.row.month) <= row.closed_on for row in [before[-1], *later])
    )


def _report(row: Loan | Repayment) -> object:
    return _key(row), row.reported_at


def _content(row: Loan | Repayment) -> object:
    if isinstance(row, Loan):
        return _key(row), replace(row, subject=Subject(row.subject.key), reported_at=ANY_INSTANT)
    return _key(row), replace(row, month=month_of(row.month), reported_at=ANY_INSTANT)


def _key(row: Loan | Repayment) -> object:
    return row.institution, row.loan, None if isinstance(row, Loan) else month_of(row.month)
