"""Answers every field of a borrower and a loan from delivery folders, by brute force and DOMAIN.md alone."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from tests.oracle.archive import Archive
from tests.oracle.held import HeldLoan, bucket, worst
from tests.oracle.multiloan import by_institution_kind, lenders, multi_loan
from tests.oracle.portfolio import OraclePortfolio
from tests.oracle.reader import InquiryRow
from tests.oracle.sequence import overdue
from tests.oracle.windows import Span, Window, resolve

Answer = dict[str, Any]
Filter = Mapping[str, Any]


class Oracle:
    """What the platform holds after the deliveries of some folders, in the order given.

    `time_zone` decides the day of an inquiry; the inquiries of the institution `asking` are not counted.
    """

    def __init__(
        self,
        *folders: Path,
        secret: str | bytes = b"",
        time_zone: str = "Asia/Shanghai",
        asking: str | None = None,
    ) -> None:
        self.archive = Archive(folders, secret.encode() if isinstance(secret, str) else secret)
        self.time_zone = ZoneInfo(time_zone)
        self.asking = asking
        self._horizons: dict[datetime | None, date | None] = {}
        self._everything: list[HeldLoan] | None = None

    def coverage(self, as_of: datetime | None = None) -> Answer:
        """The contract's Coverage as known at the instant."""
        months = self.archive.months_known(as_of)
        horizon = self.horizon(as_of)
        return {
            "firstMonth": min(months).isoformat()[:7] if months else None,
            "lastMonth": max(months).isoformat()[:7] if months else None,
            "horizon": horizon.isoformat() if horizon else None,
            "borrowers": len(self.archive.subjects_known(as_of)),
            "loans": sum(as_of is None or versions[0].reported_at <= as_of for versions in self.archive.loans.values()),
            "repayments": len(months),
            "institutions": len(self.archive.institutions),
        }

    def horizon(self, as_of: datetime | None = None) -> date | None:
        """The day at which trailing windows end, as known at the instant; None where nothing was reported."""
        if as_of not in self._horizons:
            self._horizons[as_of] = self.archive.horizon(as_of)
        return self._horizons[as_of]

    def portfolio(self, filter: Filter | None = None) -> OraclePortfolio:  # noqa: A002 - the contract's name
        """The loans of everybody that pass the filter, as known now."""
        if self._everything is None:
            self._everything = self.archive.loans_known(None)
        return OraclePortfolio(self._everything, filter, self.horizon())

    def borrower(self, subject_key: str, as_of: datetime | None = None) -> "OracleBorrower | None":
        """The borrower as known at the instant; None where no loan or inquiry had named them by then."""
        known_since = self.archive.known_since(subject_key)
        if known_since is None or (as_of is not None and known_since > as_of):
            return None
        return OracleBorrower(self, subject_key, as_of)


class OracleBorrower:
    """A borrower as known at an instant. Every window is resolved at that instant's horizon."""

    def __init__(self, oracle: Oracle, subject_key: str, as_of: datetime | None) -> None:
        self.subject_key = subject_key
        self._oracle = oracle
        self._horizon = oracle.horizon(as_of)
        self._loans = oracle.archive.loans_of(subject_key, as_of)
        self._inquiries = oracle.archive.inquiries_about(subject_key, as_of)

    def loans(self, filter: Filter | None = None) -> "list[OracleLoan]":  # noqa: A002 - the contract's name
        """The loans that pass the filter, newest first; loans opened on one day follow `sort_key`."""
        loans = [OracleLoan(loan, self._horizon) for loan in self._passing(filter)]
        return sorted(loans, key=lambda loan: loan.sort_key)

    def multi_loan(self, window: Window, filter: Filter | None = None) -> Answer:  # noqa: A002 - the contract's name
        """The contract's MultiLoan, every field."""
        span = resolve(window, self._horizon)
        loans = self._passing(filter)
        inquiries = self._inquiries_in(span, filter)
        figures = multi_loan(span, loans, self._loans, [row for _, row in inquiries])
        return figures | {"byInstitutionKind": by_institution_kind(span, loans, inquiries)}

    def overdue(self, window: Window, filter: Filter | None = None) -> Answer:  # noqa: A002 - the contract's name
        """The contract's BorrowerOverdue, every field."""
        span = resolve(window, self._horizon)
        loans = self._passing(filter)
        figures = overdue(span, [worst(month, [loan.month(month) for loan in loans]) for month in span.months()])
        late = [loan for loan in loans if any(loan.overdue_in(month) for month in span.months())]
        return figures | {"overdueLoans": len(late), "overdueLenders": len(lenders(late))}

    def _passing(self, given: Filter | None) -> list[HeldLoan]:
        """The loans that meet every condition that is given; a null counts as left out."""
        conditions = {name: value for name, value in (given or {}).items() if value is not None}
        loans = self._loans
        if "institutionKinds" in conditions:
            loans = [loan for loan in loans if loan.lender.kind in conditions["institutionKinds"]]
        if "products" in conditions:
            loans = [loan for loan in loans if loan.row.product in conditions["products"]]
        if "states" in conditions:
            loans = [loan for loan in loans if loan.row.state in conditions["states"]]
        if "opened" in conditions:
            opened = resolve(conditions["opened"], self._horizon)
            loans = [loan for loan in loans if opened.holds(loan.row.opened_on)]
        if "active" in conditions:
            active = resolve(conditions["active"], self._horizon)
            loans = [loan for loan in loans if loan.alive_in(active)]
        return loans

    def _inquiries_in(self, span: Span, given: Filter | None) -> list[tuple[str, InquiryRow]]:
        """The inquiries of others on the span's days, each with its institution's kind."""
        kinds = (given or {}).get("institutionKinds")
        institutions = self._oracle.archive.institutions
        return [
            (institutions[row.institution].kind, row)
            for row in self._inquiries
            if span.holds(row.inquired_at.astimezone(self._oracle.time_zone).date())
            and row.institution != self._oracle.asking
            and (kinds is None or institutions[row.institution].kind in kinds)
        ]


class OracleLoan:
    """A loan as known at an instant."""

    def __init__(self, held: HeldLoan, horizon: date | None) -> None:
        self.institution = held.lender.code
        self.number = held.row.number
        self._held = held
        self._horizon = horizon

    @property
    def sort_key(self) -> tuple[int, str, str]:
        """Newest first, then by lender and number: an order of the oracle's own among loans of one day."""
        return -self._held.row.opened_on.toordinal(), self.institution, self.number

    def fields(self) -> Answer:
        """The contract's fields that depend on no argument, but `id`."""
        row, lender = self._held.row, self._held.lender
        return {
            "institution": {"code": lender.code, "name": lender.name, "kind": lender.kind},
            "institutionKind": lender.kind,
            "product": row.product,
            "principal": row.principal,
            "openedOn": row.opened_on.isoformat(),
            "dueOn": row.due_on.isoformat() if row.due_on else None,
            "closedOn": row.closed_on.isoformat() if row.closed_on else None,
            "state": row.state,
        }

    def repayments(self, window: Window) -> list[Answer]:
        """The reported months of the window, oldest first; `reportedAt` in ISO 8601 in UTC (+00:00)."""
        months = resolve(window, self._horizon).months()
        rows = [self._held.months[month] for month in months if month in self._held.months]
        return [
            {
                "month": row.month.isoformat()[:7],
                "due": row.due,
                "paid": row.paid,
                "balance": row.balance,
                "overdueAmount": row.overdue_amount,
                "daysPastDue": row.days_past_due,
                "bucket": f"M{bucket(row.days_past_due)}",
                "code": self._held.code(row.month),
                "reportedAt": row.reported_at.astimezone(UTC).isoformat(),
            }
            for row in rows
        ]

    def overdue(self, window: Window) -> Answer:
        """The contract's LoanOverdue, every field."""
        span = resolve(window, self._horizon)
        return overdue(span, [self._held.month(month) for month in span.months()])
