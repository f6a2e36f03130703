"""The rows of made-up portfolios, as successive deliveries, and what of them was reported by an instant."""

from dataclasses import dataclass, replace
from datetime import date, datetime


@dataclass(frozen=True)
class Institution:
    """A row of institutions."""

    code: str
    name: str
    kind: str


@dataclass(frozen=True)
class Subject:
    """A subject, by the key that the platform knows it by, as one row names it: by key, or by a document."""

    key: str
    subject_key: str = ""
    document_kind: str = ""
    document_number: str = ""


@dataclass(frozen=True)
class Loan:
    """A row of loans; the principal in minor units."""

    institution: str
    loan: str
    subject: Subject
    product: str
    principal: int
    opened_on: date
    due_on: date | None
    closed_on: date | None
    state: str
    reported_at: datetime


@dataclass(frozen=True)
class Repayment:
    """A row of repayments; amounts in minor units, `month` on any day of it: the first is written `YYYY-MM`."""

    institution: str
    loan: str
    month: date
    due: int
    paid: int
    balance: int
    overdue_amount: int
    days_past_due: int
    reported_at: datetime


@dataclass(frozen=True)
class Inquiry:
    """A row of inquiries."""

    institution: str
    subject: Subject
    inquired_at: datetime
    purpose: str


@dataclass(frozen=True)
class Delivery:
    """One folder; rows in the order in which they are written."""

    institutions: tuple[Institution, ...]
    loans: tuple[Loan, ...] = ()
    repayments: tuple[Repayment, ...] = ()
    inquiries: tuple[Inquiry, ...] = ()


@dataclass(frozen=True)
class Portfolio:
    """Deliveries in the order of their arrival, and the keys of all subjects that they may name."""

    deliveries: tuple[Delivery, ...]
    subject_keys: tuple[str, ...]
    time_zone: str = "Asia/Shanghai"


def split_by_report(portfolio: Portfolio, instant: datetime) -> Portfolio:
    """The portfolio with only what was reported at or before the instant; institutions all stay."""
    return replace(portfolio, deliveries=tuple(_reported_by(delivery, instant) for delivery in portfolio.deliveries))


def _reported_by(delivery: Delivery, instant: datetime) -> Delivery:
    return replace(
        delivery,
        loans=tuple(row for row in delivery.loans if row.reported_at <= instant),
        repayments=tuple(row for row in delivery.repayments if row.reported_at <= instant),
        inquiries=tuple(row for row in delivery.inquiries if row.inquired_at <= instant),
    )
