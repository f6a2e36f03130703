"""The shapes of the rows that portraits of borrowers are made of."""

from datetime import date, datetime
from typing import NamedTuple


class PortraitRow(NamedTuple):
    """A loan with its lender and its months, and the borrower, with the horizon known; or a borrower without a loan.

    The inquiries are the borrower's, with the wall's clock and in no order; only the slot's first row has them.
    ``asking`` is the asking institution's id. The months' columns have a place a calendar month from ``first_month``
    on: None where that month is not reported; what was not asked is None throughout.
    """

    slot: int
    borrower_id: int
    subject_key: bytes
    horizon: date | None
    asking: int | None
    instants: list[datetime] | None
    inquirers: list[int] | None
    kinds: list[str] | None
    id: int
    institution_id: int
    institution_code: str
    institution_name: str
    institution_kind: str
    product: str
    principal: int
    opened_on: date
    due_on: date | None
    closed_on: date | None
    state: str
    first_month: date | None
    due: list[int | None]
    paid: list[int | None]
    balance: list[int | None]
    overdue_amount: list[int | None]
    days_past_due: list[int | None]


class KnownPortraitRow(NamedTuple):
    """As PortraitRow, but the columns have a place for each of ``months``: those that are reported, in their order."""

    slot: int
    borrower_id: int
    subject_key: bytes
    horizon: date | None
    asking: int | None
    instants: list[datetime] | None
    inquirers: list[int] | None
    kinds: list[str] | None
    id: int
    institution_id: int
    institution_code: str
    institution_name: str
    institution_kind: str
    product: str
    principal: int
    opened_on: date
    due_on: date | None
    closed_on: date | None
    state: str
    months: list[date] | None
    due: list[int]
    paid: list[int]
    balance: list[int]
    overdue_amount: list[int]
    days_past_due: list[int]
