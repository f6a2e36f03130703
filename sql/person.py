"""The shapes of the rows about one person: every version of what was reported of them, and who asked.

Amounts are whole minor units; ``superseded_at`` is when a newer version was reported, None for the newest.
"""

from datetime import date, datetime
from typing import NamedTuple


class LoanVersionRow(NamedTuple):
    """A version of a loan; ``number`` is the lender's own."""

    loan_id: int
    number: str
    institution: str
    institution_name: str
    institution_kind: str
    product: str
    principal: int
    opened_on: date
    due_on: date | None
    closed_on: date | None
    state: str
    reported_at: datetime
    superseded_at: datetime | None


class MonthVersionRow(NamedTuple):
    """A version of what was reported of a loan for a month."""

    loan_id: int
    month: date
    due: int
    paid: int
    balance: int
    overdue_amount: int
    days_past_due: int
    reported_at: datetime
    superseded_at: datetime | None


class InquiryRow(NamedTuple):
    """An inquiry that others count."""

    inquired_at: datetime
    institution: str
    institution_name: str
    institution_kind: str
    purpose: str
