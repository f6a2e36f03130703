"""Portraits: all that a document asks of borrowers, read in one statement, so that what is below waits for nothing."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from functools import reduce
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple

from resolvers.database import Fetch
from resolvers.figures import Figures
from resolvers.filter import LoanFilter, passing
from resolvers.inquiries import Inquiries
from resolvers.ledger import Ledger, Ledgers
from resolvers.months import COLUMNS, packed
from resolvers.slots import one_a_slot
from resolvers.window import Span
from sql.portraits import KnownPortraitRow, PortraitRow
from sql.rows import BorrowerRow

EVERY = LoanFilter()


class Wanted(NamedTuple):
    """What is asked of borrowers, in so far as it decides what is read; too much costs a read, too little is a fault.

    ``members`` is who the lenders and the inquirers are, ``columns`` those of the months by name, ``ended`` whether the
    months of loans are among them that were closed before the horizon's eve. Windows begin on ``start`` at the
    earliest, or so many ``days`` before the horizon.
    """

    loans: bool = False
    members: bool = False
    inquiries: bool = False
    columns: frozenset[str] = frozenset()
    ended: bool = True
    start: date = date.max
    days: int = 0

    def merged(self, other: "Wanted") -> "Wanted":
        """Return what is asked in either."""
        return Wanted(
            self.loans or other.loans,
            self.members or other.members,
            self.inquiries or other.inquiries,
            self.columns | other.columns,
            self.ended or other.ended,
            min(self.start, other.start),
            max(self.days, other.days),
        )


class PortraitKey(NamedTuple):
    """A subject key of 32 bytes, the instant of knowledge (None for now), and what is asked of the person.

    ``other`` is the key under which the person may be stored as well, while the platform's secret is being rotated.
    """

    subject_key: bytes
    as_of: datetime | None
    wanted: Wanted
    other: bytes | None = None


class Portrait:
    """A borrower: the horizon known, loans newest opened first, inquiries; as far as they were wanted."""

    __slots__ = ("_inquiries", "asks", "horizon", "id", "loans", "slot", "subject_key")

    def __init__(self, rows: Sequence[PortraitRow], *, asks: bool) -> None:
        first = rows[0]
        self.slot, self.id, self.subject_key, self.horizon = first[:4]
        self.asks = asks
        self.loans: Sequence[PortraitRow] = rows if first.id is not None else ()
        self._inquiries = Inquiries.of(first)

    def chosen(self, only: LoanFilter) -> Sequence[PortraitRow]:
        """Return the loans that pass a filter."""
        return self.loans if only == EVERY else [loan for loan in self.loans if passing(only, loan)]

    def ledger(self, only: LoanFilter) -> Ledger:
        """Return the ledger of the loans that pass a filter."""
        return Ledger.of(self.chosen(only), self.loans, self._inquiries)


class Shelf:
    """The ledgers of the borrowers that were asked last: all windows of a selection ask for the same ones."""

    def __init__(self) -> None:
        self._borrowers: Sequence[Portrait] = ()
        self._ledgers: dict[LoanFilter, Ledgers] = {}

    def figures(self, borrowers: Sequence[Portrait], span: Span, only: LoanFilter) -> Figures:
        """Return the multi-loan figures of borrowers over a window and the loans that pass a filter."""
        if borrowers != self._borrowers:
            self._borrowers, self._ledgers = borrowers, {}
        found = self._ledgers.get(only)
        if found is None:
            found = self._ledgers[only] = Ledgers([one.ledger(only) for one in borrowers])
        return Figures(span, found, only.kinds, asks=borrowers[0].asks)


async def portraits(
    fetch: Fetch, keys: Sequence[PortraitKey], *, time_zone: str, asking: str | None
) -> list[Portrait | None]:
    """Return each key's borrower, None where the platform knew no such person at that instant.

    ``time_zone`` is the platform's, in which inquiries fall on days; ``asking`` is the code of the institution that
    asks. What is known now is one statement, what was known at any instants another; which of
    two keys a person is stored under is one before.
    """
    if any(key.other for key in keys):
        keys = await _stored(fetch, keys)
    found: list[Portrait | None] = [None] * len(keys)
    for places in _places(keys):
        asked = [keys[place] for place in places]
        wanted = reduce(Wanted.merged, {key.wanted for key in asked})
        rows = await _rows(fetch, asked, wanted, time_zone, asking)
        slots = [Portrait(list(group), asks=asking is not None) for _, group in groupby(rows, attrgetter("slot"))]
        for place, one in zip(places, one_a_slot(slots, len(asked)), strict=True):
            found[place] = one
    return found


async def _stored(fetch: Fetch, keys: Sequence[PortraitKey]) -> list[PortraitKey]:
    """Return the keys under which these persons are stored."""
    columns = [key.subject_key for key in keys], [key.other for key in keys], [key.as_of for key in keys]
    rows = one_a_slot(await fetch(BorrowerRow._make, "borrowers/by_either_key", *columns), len(keys))
    return [
        key if row is None else key._replace(subject_key=row.subject_key) for key, row in zip(keys, rows, strict=True)
    ]


def _places(keys: Sequence[PortraitKey]) -> Iterable[list[int]]:
    """Return where keys of now stand, and where those of instants do."""
    now = [place for place, key in enumerate(keys) if key.as_of is None]
    then = [place for place, key in enumerate(keys) if key.as_of is not None]
    return filter(None, (now, then))


async def _rows(
    fetch: Fetch, keys: Sequence[PortraitKey], wanted: Wanted, time_zone: str, asking: str | None
) -> Iterable[PortraitRow]:
    subjects = [key.subject_key for key in keys]
    members = wanted.members or asking is not None
    if keys[0].as_of is None:
        columns = [column in wanted.columns for column in COLUMNS]
        return await fetch(
            PortraitRow._make, "borrowers/portraits", subjects, wanted.loans, members, wanted.inquiries, columns,
            wanted.start, wanted.days, time_zone, asking, wanted.ended,
        )  # fmt: skip
    rows = await fetch(
        KnownPortraitRow._make, "borrowers/portraits_as_of", subjects, [key.as_of for key in keys], wanted.loans,
        members, wanted.inquiries, bool(wanted.columns), wanted.start, wanted.days, date.min, time_zone, asking,
    )  # fmt: skip
    return map(packed, rows)


async def loans_by_id(fetch: Fetch, keys: Sequence[int]) -> list[PortraitRow | None]:
    """Return the newest version of each loan with all its months, None where there is none."""
    rows = await fetch(PortraitRow._make, "loans/by_id", keys)
    return one_a_slot(rows, len(keys))
