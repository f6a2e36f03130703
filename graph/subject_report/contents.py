"""What the report says, worked out from the rows alone: each loan with its months and corrections, and who asked."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby, pairwise
from operator import attrgetter
from typing import Any

from graph.subject_report.asking import Answer
from graph.subject_report.wording import FIELDS, PURPOSES
from resolvers.callers import Purpose
from resolvers.person import Held, LoanVersionRow, MonthVersionRow, coded
from resolvers.window import add_months, first_of_month

YEAR = 12


@dataclass(frozen=True)
class Correction:
    """A field that a newer report changed; ``month`` is None for the loan's own. Amounts are minor units."""

    month: date | None
    field: str
    before: object
    after: object
    reported_at: datetime
    corrected_at: datetime


@dataclass(frozen=True)
class Month:
    """A month of a loan's life, or one that was reported beside it; ``reported`` is None where nothing was."""

    month: date
    code: str
    reported: MonthVersionRow | None


@dataclass(frozen=True)
class Loan:
    """A loan in its newest version; ``withdrawn_at`` is since when it is not reported as the person's any more."""

    row: LoanVersionRow
    months: list[Month]
    corrections: list[Correction]
    withdrawn_at: datetime | None

    @property
    def owed(self) -> MonthVersionRow | None:
        """The newest report of the loan, None where there is none."""
        return next((month.reported for month in reversed(self.months) if month.reported), None)

    @property
    def years(self) -> list[tuple[int, list[Month | None]]]:
        """The months as years of twelve, None where there is none."""
        found = {(one.month.year, one.month.month): one for one in self.months}
        return [
            (year, [found.get((year, month)) for month in range(1, YEAR + 1)])
            for year in sorted({year for year, _ in found})
        ]


@dataclass(frozen=True)
class Asked:
    """Somebody who asked: a member by name, None for the association; ``counted`` is whether lenders count it."""

    at: datetime
    who: str | None
    kind: str | None
    purpose: str
    consent: str | None = None
    found: bool = True
    counted: bool = False
    request: str = ""


@dataclass(frozen=True)
class Contents:
    """The whole report."""

    answer: Answer
    first_month: date | None
    last_month: date | None
    loans: list[Loan]
    inquiries: list[Asked]
    reads: list[Asked]

    @property
    def own(self) -> list[Loan]:
        """The loans that are reported as the person's."""
        return [loan for loan in self.loans if loan.withdrawn_at is None]

    @property
    def open(self) -> list[Loan]:
        """Those of them that are not closed."""
        return [loan for loan in self.own if loan.row.closed_on is None]

    @property
    def lenders(self) -> int:
        """How many lenders hold them."""
        return len({loan.row.institution for loan in self.own})

    @property
    def owed(self) -> int:
        """What the open ones owe: the balance last reported, or the amount lent where nothing was."""
        return sum(loan.owed.balance if loan.owed else loan.row.principal for loan in self.open)

    @property
    def overdue_months(self) -> int:
        """Calendar months in which any loan was overdue."""
        return len(
            {one.month for loan in self.own for one in loan.months if one.reported and one.reported.days_past_due}
        )


def contents(answer: Answer) -> Contents:
    """Return what the report says."""
    found = answer.held
    months = {number: list(rows) for number, rows in groupby(found.months, key=attrgetter("loan_id"))}
    loans = [
        _loan(list(rows), months.get(number, []), found.coverage.last_month)
        for number, rows in groupby(found.loans, key=attrgetter("loan_id"))
    ]
    loans.sort(key=lambda loan: (-loan.row.opened_on.toordinal(), loan.row.institution, loan.row.number))
    inquiries = [
        Asked(row.inquired_at, row.institution_name, row.institution_kind, row.purpose, counted=True)
        for row in found.inquiries
    ]
    return Contents(
        answer, found.coverage.first_month, found.coverage.last_month, loans, inquiries, list(_reads(found))
    )


def _reads(found: Held) -> Iterator[Asked]:
    for row in found.reads:
        member = found.readers.get(row.institution or "")
        yield Asked(
            row.logged_at, member.name if member else row.institution, member and member.kind, row.purpose, row.consent,
            row.found, row.purpose in PURPOSES and Purpose[row.purpose].counts, row.request,
        )  # fmt: skip


def _loan(versions: Sequence[LoanVersionRow], months: Sequence[MonthVersionRow], last: date | None) -> Loan:
    newest = versions[-1]
    corrections = list(_corrections(versions, ("product", "principal", "opened_on", "due_on", "closed_on", "state")))
    reported = dict[date, MonthVersionRow]()
    for month, rows in groupby(months, key=attrgetter("month")):
        of_month = list(rows)
        reported[month] = of_month[-1]
        corrections += _corrections(of_month, ("due", "paid", "balance", "overdue_amount", "days_past_due"), month)
    corrections.sort(key=lambda one: (one.corrected_at, one.month or date.min, list(FIELDS).index(one.field)))
    withdrawn = newest.superseded_at
    return Loan(newest, [] if withdrawn else list(_months(newest, reported, last)), corrections, withdrawn)


def _corrections(versions: Sequence[Any], fields: Sequence[str], month: date | None = None) -> Iterator[Correction]:
    for before, after in pairwise(versions):
        for field in fields:
            was, is_now = getattr(before, field), getattr(after, field)
            # That a loan ends is news, not a correction.
            if was != is_now and not (field in {"closed_on", "state"} and getattr(before, "state", "") == "ACTIVE"):
                yield Correction(month, field, was, is_now, before.reported_at, after.reported_at)


def _months(loan: LoanVersionRow, reported: dict[date, MonthVersionRow], last: date | None) -> Iterator[Month]:
    """Give the months of the loan's life, as far as the market is reported, and those reported beside it."""
    ends = [month for month in (last, loan.closed_on and first_of_month(loan.closed_on)) if month]
    life, month = set(reported), first_of_month(loan.opened_on)
    while ends and month <= min(ends):
        life.add(month)
        month = add_months(month, 1)
    months = sorted(life)
    rows = [reported[one] for one in sorted(reported)]
    for one, code in zip(months, coded(loan, rows, months), strict=True):
        yield Month(one, code, reported.get(one))
