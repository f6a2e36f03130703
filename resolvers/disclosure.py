"""The one gate that every figure of the portfolio passes: who asks, and what is published of each month."""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from resolvers.callers import Caller
from resolvers.database import Reading
from resolvers.publication import Block, Fact, Publication, Thresholds, parts_shown, publication
from resolvers.selection import Group
from resolvers.slots import many_a_slot
from sql.rows import CellRow, FactRow

# What a month's facts are of: its population, all that is reported of it, or the loans opened in it.
REPORTED, MOVED, OPENED = "REPORTED", "MOVED", "OPENED"


class Viewer(NamedTuple):
    """Who looks at the market: the caller, and how large a group must be to be published."""

    caller: Caller
    thresholds: Thresholds

    @property
    def own(self) -> str | None:
        """The code of the institution whose own figures the viewer sees; None for none."""
        return self.caller.own


class FactKey(NamedTuple):
    """A month, and what is counted of it."""

    basis: str
    month: date


LearnFacts = Callable[[list[FactKey]], Awaitable[list[tuple[Fact, ...]]]]
Market = Callable[[], Awaitable[list[CellRow]]]


async def facts(reading: Reading, keys: Sequence[FactKey], *, viewer: Viewer) -> list[tuple[Fact, ...]]:
    """Return how many borrowers and which institutions each month's groups have, in a set order.

    An institution knows its own: what it may learn is of the others, and so are the facts.
    """
    columns = [key.basis for key in keys], [key.month for key in keys], viewer.own
    rows = await reading.fetch(FactRow._make, "portfolio/facts", *columns)
    return [
        tuple(fact for row in found if (fact := _of_others(row)).institutions) for found in many_a_slot(rows, len(keys))
    ]


def _of_others(row: FactRow) -> Fact:
    others = frozenset(row.institutions) - {row.own_institution}
    return Fact(row.institution_kind, row.product, row.borrowers - row.own_borrowers, others)


@dataclass
class Gate:
    """Lets figures through that the caller may see; a batch function tells it the months first, then asks."""

    viewer: Viewer
    market: Market
    learn_facts: LearnFacts
    _published: dict[FactKey, Publication] = field(default_factory=dict)

    def visible(self, groups: Iterable[Group], by: str | None) -> list[Group]:
        """Return the groups of which the caller may see anything: of single institutions, only its own."""
        if by != "INSTITUTION" or self.sees_all:
            return list(groups)
        return [group for group in groups if self._own(group)]

    @property
    def sees_all(self) -> bool:
        """Whether nothing is hidden from the caller."""
        return self.viewer.caller.sees_all

    async def learn(self, basis: str, months: Iterable[date]) -> None:
        """Find out what is published of these months."""
        if self.sees_all:
            return
        keys = [FactKey(basis, month) for month in sorted(months)]
        for key, found in zip(keys, await self.learn_facts(keys), strict=True):
            self._published[key] = publication(found, self.viewer.thresholds)

    def shows(self, group: Group, basis: str, month: date, *, whole: bool = True) -> bool:
        """Tell whether the caller may see a group's figures of a month.

        Without ``whole`` they are about some of its days: windows that differ by a day would single out a loan.
        """
        if self.sees_all or self._own(group):
            return True
        lenders: dict[Block, set[int]] = defaultdict(set)
        for cell in self._others(group):
            lenders[cell.institution_kind, cell.product].add(cell.institution_id)
        asked = {block: frozenset(institutions) for block, institutions in lenders.items()}
        return whole and self._published[FactKey(basis, month)].shows(asked)

    def has_parts(self, group: Group, market: Sequence[CellRow]) -> bool:
        """Tell whether the caller may see any part of a group of borrowers.

        Borrowers do not add up over groups, so what follows from several groups' parts is not known: only parts of
        the whole market are published.
        """
        return self.sees_all or self._own(group) or len(group.cells) == len(market)

    def shows_parts(self, group: Group, parts: Sequence[tuple[int, int]]) -> list[bool]:
        """Tell which parts the caller may see of a group that has any, each of so many, from so many institutions."""
        if self.sees_all or self._own(group):
            return [True] * len(parts)
        return parts_shown(parts, self.viewer.thresholds)

    def _own(self, group: Group) -> bool:
        return bool(group.cells) and not self._others(group)

    def _others(self, group: Group) -> list[CellRow]:
        return [cell for cell in group.cells if cell.institution_code != self.viewer.own]
