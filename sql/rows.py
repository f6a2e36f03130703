"""The shapes of the rows that statements give, one NamedTuple a shape, its fields in the columns' order.

Amounts are whole minor units; a month is its first day; ``slot`` is the number of the key that a row answers, from 1.
"""

from datetime import date, datetime
from typing import NamedTuple


class MigrationRow(NamedTuple):
    """A migration that the database was given."""

    number: int
    name: str
    digest: str


class SizesRow(NamedTuple):
    """How many elements the arrays have that a connection was warmed with."""

    numbers: int
    small_numbers: int
    days: int
    instants: int
    texts: int
    keys: int
    clocks: int
    flags: int


class CoverageRow(NamedTuple):
    """What the platform holds, and the first and last month reported."""

    first_month: date | None
    last_month: date | None
    borrowers: int
    loans: int
    repayments: int
    institutions: int


class HorizonRow(NamedTuple):
    """The first day after the last month known at an instant."""

    slot: int
    horizon: date | None


class MarketRow(NamedTuple):
    """How many institutions and products the platform holds, and the first day after the last month reported."""

    institutions: int
    products: int
    horizon: date | None


class VersionRow(NamedTuple):
    """Which data the platform holds: the newest delivery that changed anything, and the SHA-256 of its files."""

    delivery: int
    digest: bytes


class BorrowerRow(NamedTuple):
    """A person known to the platform, and the horizon known then; None where nothing was reported."""

    slot: int
    id: int
    subject_key: bytes
    horizon: date | None


class SecretRow(NamedTuple):
    """A version of the platform's secret; ``sole_since`` is when keys of the one before ceased to count."""

    version: int
    mark: bytes
    begun_at: datetime
    sole_since: datetime | None


class InstitutionRow(NamedTuple):
    """A member institution; ``slot`` and the total belong to the list it was asked in."""

    slot: int
    id: int
    code: str
    name: str
    kind: str


class RepaymentRow(NamedTuple):
    """What was reported of one loan for one month."""

    slot: int
    month: date
    due: int
    paid: int
    balance: int
    overdue_amount: int
    days_past_due: int
    reported_at: datetime


class DeliveryRow(NamedTuple):
    """A delivery that was read, in a page of them."""

    slot: int
    id: int
    source: str
    digest: bytes
    state: str
    started_at: datetime
    loaded_at: datetime
    seconds: float


class DeliveryCountRow(NamedTuple):
    """What became of a delivery's rows of one kind of file."""

    slot: int
    kind: str
    read: int
    added: int
    corrected: int
    older: int
    unchanged: int
    rejected: int
    withheld: int
    warned: int


class RuleRow(NamedTuple):
    """How many rows break a rule, or are named by a warning."""

    slot: int
    warns: bool
    rule: str
    rows: int


class TotalRow(NamedTuple):
    """How many there are of what is listed."""

    slot: int
    total: int


class QualityRow(NamedTuple):
    """The quality of what one institution reported for one month."""

    slot: int
    institution_id: int
    code: str
    month: date
    alive: int
    alive_reported: int
    completeness: float | None
    days_to_report: float | None
    added: int
    corrected: int
    older: int
    unchanged: int
    rejected: int
    warned: int
    accepted_share: float | None
    corrected_share: float | None
    rejected_share: float | None
    warned_share: float | None
    score: float | None


class CellRow(NamedTuple):
    """One institution's loans of one product, and the blocks of the market that it belongs to: ids of sums."""

    id: int
    institution_id: int
    institution_code: str
    institution_kind: str
    product: str
    blocks: list[int]


class FactRow(NamedTuple):
    """How many a group of a month has: all where kind and product are None, else those of one kind, product or both.

    What is own is the asking institution's: its id, None where none asks, and so many of the borrowers.
    """

    slot: int
    institution_kind: str | None
    product: str | None
    borrowers: int
    institutions: list[int]
    own_borrowers: int
    own_institution: int | None


class DelinquencyRow(NamedTuple):
    """A bucket of a point; the borrowers are those of the whole point."""

    slot: int
    period: date
    month: date
    bucket: int
    loans: int
    balance: int
    overdue_amount: int
    borrowers: int


class MoveRow(NamedTuple):
    """Loans of one bucket in a month and of another in the next; None where not reported there."""

    slot: int
    month: date
    from_bucket: int
    to_bucket: int | None
    loans: int


class CohortRow(NamedTuple):
    """The loans opened in a month, on its days within the window."""

    slot: int
    month: date
    loans: int
    principal: int


class AgeRow(NamedTuple):
    """A cohort at one month on book: how many loans more are reported, and are over the days asked about at last."""

    slot: int
    period: date
    month_on_book: int
    reported: int
    risen: int


class LendersRow(NamedTuple):
    """Borrowers with so many lenders on the day at a place, and how many have a loan over 30 days in its month.

    ``others`` are the borrowers who have no loan of the asking institution, ``institutions`` the lenders without it;
    both are right only where the whole market is asked about.
    """

    slot: int
    place: int
    lenders: int
    borrowers: int
    over_30: int
    others: int
    institutions: int
