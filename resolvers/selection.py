"""Which loans of the market are asked about: a selection of its cells, each one institution's loans of one product."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from resolvers.database import Reading
from resolvers.window import Span, add_months, first_of_month
from sql.rows import CellRow

# In the order in which groups by kind are listed.
KINDS = ("INTERNET_PLATFORM", "CONSUMER_FINANCE", "MICROLOAN", "GUARANTEE", "INSURANCE", "BANK", "OTHER")
MONTHS = {"MONTH": 1, "QUARTER": 3, "YEAR": 12}


class Selection(NamedTuple):
    """A filter; None does not restrict, an empty set lets nothing through."""

    kinds: frozenset[str] | None = None
    institutions: frozenset[str] | None = None
    products: frozenset[str] | None = None

    def passes(self, cell: CellRow) -> bool:
        """Tell whether a cell's loans count."""
        return (
            (self.kinds is None or cell.institution_kind in self.kinds)
            and (self.institutions is None or cell.institution_code in self.institutions)
            and (self.products is None or cell.product in self.products)
        )


class PortfolioKey(NamedTuple):
    """A question about the portfolio: which loans, over which window, cut into which periods, grouped by what."""

    selection: Selection
    span: Span
    every: str = "MONTH"
    by: str | None = None


class Group(NamedTuple):
    """The cells that one series is about; ``key`` is None where nothing is grouped."""

    key: str | None
    cells: tuple[CellRow, ...]


async def cells(reading: Reading, keys: Sequence[str]) -> list[list[CellRow]]:
    """Return every cell of the market for each key, whatever it is: there is one market."""
    rows = await reading.fetch(CellRow._make, "portfolio/cells")
    return [rows] * len(keys)


def groups(known: Iterable[CellRow], selection: Selection, by: str | None) -> list[Group]:
    """Return the groups of the cells that pass, as they are listed; without ``by`` one for everything."""
    passing = [cell for cell in known if selection.passes(cell)]
    if by is None:
        return [Group(None, tuple(passing))]
    found: dict[str, list[CellRow]] = {}
    for cell in passing:
        found.setdefault(_key(cell, by), []).append(cell)
    order = KINDS.index if by == "INSTITUTION_KIND" else str
    return [Group(key, tuple(found[key])) for key in sorted(found, key=order)]


def cover(cells: Sequence[CellRow], known: Sequence[CellRow]) -> tuple[int, ...]:
    """Return the fewest of the market's blocks that are just these cells, largest first: sums are kept of each."""
    sizes = Counter(block for cell in known for block in cell.blocks)
    members: dict[int, set[int]] = defaultdict(set)
    for cell in cells:
        for block in cell.blocks:
            members[block].add(cell.id)
    left = {cell.id for cell in cells}
    found: list[int] = []
    for block in sorted(members, key=lambda block: (-sizes[block], block)):
        if len(members[block]) == sizes[block] and members[block] <= left:
            found.append(block)
            left -= members[block]
    return tuple(found)


def _key(cell: CellRow, by: str) -> str:
    if by == "PRODUCT":
        return cell.product
    return cell.institution_kind if by == "INSTITUTION_KIND" else cell.institution_code


def period(day: date, every: str) -> date:
    """Return the first day of the period that a day belongs to."""
    months = MONTHS[every]
    return date(day.year, (day.month - 1) // months * months + 1, 1)


def last_days(span: Span, every: str) -> list[date]:
    """Return the last day of each period that has a day in the span, of the span's where that is earlier."""
    days: list[date] = []
    day = period(span.start, every)
    final = span.end - timedelta(days=1)
    while True:
        if day.year * 12 + day.month - 1 + MONTHS[every] > date.max.year * 12 + 11:
            return [*days, final]
        following = add_months(day, MONTHS[every])
        days.append(min(following - timedelta(days=1), final))
        if following > final:
            return days
        day = following


def months_of(span: Span) -> tuple[date, date]:
    """Return the first days of the first and the last calendar month that have a day in the span."""
    return first_of_month(span.start), span.last_month
