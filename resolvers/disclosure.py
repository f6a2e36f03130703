"""The one gate that every figure of the portfolio passes: who asks, and what is published of each month."""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from resolvers.database import Reading
from resolvers.publication import Fact, Publication, Thresholds, publication
from resolvers.selection import Group
from resolvers.slots import many_a_slot
from sql.rows import CellRow, FactRow

ASSOCIATION, INSTITUTION = "ASSOCIATION", "INSTITUTION"
# What a fact counts: the borrowers and institutions of a month's population, or of the loans opened in a month.
REPORTED, OPENED = "REPORTED", "OPENED"


class Viewer(NamedTuple):
    """Who asks: a role, and the code of the institution that asks, None where none does."""

    role: str
    asking: str | None
    thresholds: Thresholds


class FactKey(NamedTuple):
    """A month, and what is counted of it."""

    basis: str
    month: date


LearnFacts = Callable[[list[FactKey]], Awaitable[list[tuple[Fact, ...]]]]
Market = Callable[[], Awaitable[list[CellRow]]]


async def facts(reading: Reading, keys: Sequence[FactKey]) -> list[tuple[Fact, ...]]:
    """Return how many borrowers and which institutions each month's groups have, in a set order."""
    columns = [key.basis for key in keys], [key.month for key in keys]
    rows = await reading.fetch(FactRow._make, "portfolio/facts", *columns)
    return [
        tuple(Fact(row.institution_kind, row.product, row.borrowers, frozenset(row.institutions)) for row in found)
        for found in many_a_slot(rows, len(keys))
    ]


@dataclass
class Gate:
    """Lets figures through that the caller may see; a batch function tells it the months first, then asks."""

    viewer: Viewer
    market: Market
    learn_facts: LearnFacts
    _published: dict[FactKey, Publication] = field(default_factory=dict)
    _everything: dict[tuple[str, str], set[int]] = field(default_factory=lambda: defaultdict(set))

    def visible(self, groups: Iterable[Group], by: str | None) -> list[Group]:
        """Return the groups of which the caller may see anything: of single institutions, only its own."""
        if by != "INSTITUTION" or self.viewer.role == ASSOCIATION:
            return list(groups)
        return [group for group in groups if self._own(group)]

    async def learn(self, basis: str, months: Iterable[date]) -> None:
        """Find out what is published of these months."""
        if self.viewer.role == ASSOCIATION:
            return
        for cell in await self.market():
            self._everything[cell.institution_kind, cell.product].add(cell.institution_id)
        keys = [FactKey(basis, month) for month in sorted(months)]
        for key, found in zip(keys, await self.learn_facts(keys), strict=True):
            self._published[key] = publication(found, self.viewer.thresholds)

    def shows(self, group: Group, basis: str, month: date, *, borrowers: int | None = None, whole: bool = True) -> bool:
        """Tell whether the caller may see a group's figures of a month.

        ``borrowers`` is how many the figure is about, where they are not those that the month's facts count. Without
        ``whole`` the figure is about some days of the month only: windows that differ by a day would single out a loan.
        """
        if self.viewer.role == ASSOCIATION or self._own(group):
            return True
        if not whole or (borrowers is not None and borrowers < self.viewer.thresholds.borrowers):
            return False
        blocks = self._blocks(group)
        return blocks is not None and self._published[FactKey(basis, month)].covers(blocks)

    def _own(self, group: Group) -> bool:
        asking = self.viewer.asking if self.viewer.role == INSTITUTION else None
        return bool(group.cells) and all(cell.institution_code == asking for cell in group.cells)

    def _blocks(self, group: Group) -> frozenset[tuple[str, str]] | None:
        """Return the kinds and products that make up a group; None where it has some of their institutions only."""
        found: dict[tuple[str, str], set[int]] = defaultdict(set)
        for cell in group.cells:
            found[cell.institution_kind, cell.product].add(cell.institution_id)
        whole = all(institutions == self._everything[block] for block, institutions in found.items())
        return frozenset(found) if whole else None
