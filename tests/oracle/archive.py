"""Everything that was ever delivered, with its history, and what of it was known at an instant."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from functools import cached_property
from operator import attrgetter
from pathlib import Path
from typing import TypeVar

from tests.oracle.held import HeldLoan
from tests.oracle.reader import InquiryRow, InstitutionRow, LoanRow, Reader, RepaymentRow
from tests.oracle.windows import next_month

LoanKey = tuple[str, str]
Versioned = TypeVar("Versioned", LoanRow, RepaymentRow)


class Archive:
    """The deliveries of some folders, in the order given."""

    def __init__(self, folders: Sequence[Path], secret: bytes) -> None:
        self.institutions: dict[str, InstitutionRow] = {}
        self.inquiries: set[InquiryRow] = set()
        loans: dict[LoanKey, list[LoanRow]] = defaultdict(list)
        repayments: dict[tuple[LoanKey, date], list[RepaymentRow]] = defaultdict(list)
        for folder in folders:
            reader = Reader(folder, secret)
            self.institutions.update((row.code, row) for row in reader.institutions())
            self.inquiries.update(reader.inquiries())
            for loan in reader.loans():
                loans[loan.key].append(loan)
            for repayment in reader.repayments():
                repayments[repayment.key, repayment.month].append(repayment)
        self.loans = {key: history(versions) for key, versions in loans.items()}
        self.months: dict[LoanKey, dict[date, list[RepaymentRow]]] = defaultdict(dict)
        for (key, month), versions in repayments.items():
            self.months[key][month] = history(versions)

    @cached_property
    def loans_by_subject(self) -> dict[str, set[LoanKey]]:
        """The loans of which any version ever named the subject."""
        named: dict[str, set[LoanKey]] = defaultdict(set)
        for key, versions in self.loans.items():
            for version in versions:
                named[version.subject].add(key)
        return named

    @cached_property
    def inquiries_by_subject(self) -> dict[str, list[InquiryRow]]:
        """The inquiries about each subject."""
        about: dict[str, list[InquiryRow]] = defaultdict(list)
        for inquiry in self.inquiries:
            about[inquiry.subject].append(inquiry)
        return about

    def known_since(self, subject: str) -> datetime | None:
        """The first report of a loan that names the subject or inquiry about them; None where there is neither."""
        versions = [version for key in self.loans_by_subject.get(subject, ()) for version in self.loans[key]]
        reports = [version.reported_at for version in versions if version.subject == subject]
        return min(reports + [row.inquired_at for row in self.inquiries_by_subject.get(subject, [])], default=None)

    def subjects_known(self, as_of: datetime | None) -> set[str]:
        """The subjects of all loans and inquiries reported by then."""
        subjects = self.loans_by_subject.keys() | self.inquiries_by_subject.keys()
        return {subject for subject in subjects if reported(self.known_since(subject), as_of)}

    def loans_of(self, subject: str, as_of: datetime | None) -> list[HeldLoan]:
        """The loans that are the subject's by the newest version reported by then."""
        known = [newest(self.loans[key], as_of) for key in self.loans_by_subject.get(subject, ())]
        return [self._held(loan, as_of) for loan in known if loan is not None and loan.subject == subject]

    def loans_known(self, as_of: datetime | None) -> list[HeldLoan]:
        """Every loan, by the newest version reported by then."""
        known = (newest(versions, as_of) for versions in self.loans.values())
        return [self._held(loan, as_of) for loan in known if loan is not None]

    def inquiries_about(self, subject: str, as_of: datetime | None) -> list[InquiryRow]:
        """The inquiries about the subject made by then."""
        return [row for row in self.inquiries_by_subject.get(subject, []) if reported(row.inquired_at, as_of)]

    def months_known(self, as_of: datetime | None) -> list[date]:
        """The month of every repayment known by then, one for each loan and month, in no order."""
        return [
            month
            for months in self.months.values()
            for month, versions in months.items()
            if reported(versions[0].reported_at, as_of)
        ]

    def horizon(self, as_of: datetime | None) -> date | None:
        """The first day after the last month for which any repayment was known; None where none was."""
        last = max(self.months_known(as_of), default=None)
        return None if last is None else next_month(last)

    def _held(self, loan: LoanRow, as_of: datetime | None) -> HeldLoan:
        known = {month: newest(versions, as_of) for month, versions in self.months[loan.key].items()}
        months = {month: row for month, row in known.items() if row is not None}
        return HeldLoan(loan, self.institutions[loan.institution], months)


def history(versions: Sequence[Versioned]) -> list[Versioned]:
    """The versions of one key, oldest first; one that says what the version before it says has changed nothing."""
    kept: list[Versioned] = []
    for version in sorted(versions, key=attrgetter("reported_at")):
        if not kept or version != kept[-1]:
            if kept and version.reported_at == kept[-1].reported_at:
                message = f"{version} and {kept[-1]} contradict each other"
                raise ValueError(message)
            kept.append(version)
    return kept


def newest(versions: Sequence[Versioned], as_of: datetime | None) -> Versioned | None:
    """The last version that was reported by then."""
    return next((version for version in reversed(versions) if reported(version.reported_at, as_of)), None)


def reported(instant: datetime | None, as_of: datetime | None) -> bool:
    """Whether something reported at the instant, if ever, counts at `as_of`; at None, everything counts."""
    return instant is not None and (as_of is None or instant <= as_of)
