"""Inquiries about a borrower: which fall into a window, when, by whom, by which kinds of institution."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from functools import lru_cache
from typing import Self, TypeVar

from resolvers.window import Span
from sql.portraits import PortraitRow

Item = TypeVar("Item")


class Inquiries:
    """Inquiries about a borrower in the order in which they were made, with those of the asking institution apart.

    Who inquired, and of which kind they are, is None where it is not asked: where no institution asks, for one.
    """

    __slots__ = ("_inquirers", "_kinds", "asking", "instants")

    def __init__(
        self,
        instants: Sequence[datetime],
        inquirers: Sequence[int] | None,
        kinds: Sequence[str] | None,
        asking: int | None,
    ) -> None:
        self.instants, self._inquirers, self._kinds, self.asking = instants, inquirers, kinds, asking

    @classmethod
    def of(cls, row: PortraitRow) -> Self:
        """Return the inquiries that a portrait's first row has."""
        if not row.instants:
            return cls((), (), (), row.asking)
        if row.inquirers is None or row.kinds is None:
            return cls(sorted(row.instants), None, None, row.asking)
        ordered = sorted(zip(row.instants, row.inquirers, row.kinds, strict=True))
        instants, inquirers, kinds = zip(*ordered, strict=True)
        return cls(instants, inquirers, kinds, row.asking)

    def others(self, span: Span, kinds: Iterable[str] | None) -> Sequence[datetime]:
        """Return when others inquired on days of the span; by institutions of these kinds, None for any."""
        return [self.instants[at] for at in self._places(span, kinds) if not self._owns(at)]

    def inquirers(self, span: Span, kinds: Iterable[str] | None) -> set[int]:
        """Return who else inquired."""
        found = _asked(self._inquirers)
        return {found[at] for at in self._places(span, kinds) if not self._owns(at)}

    def count_own(self, span: Span, kinds: Iterable[str] | None) -> int:
        """Return how many inquiries the asking institution made itself."""
        return sum(map(self._owns, self._places(span, kinds)))

    def kinds(self, span: Span, kinds: Iterable[str] | None) -> set[str]:
        """Return the kinds of the others that inquired."""
        found = _asked(self._kinds)
        return {found[at] for at in self._places(span, kinds) if not self._owns(at)}

    def _owns(self, at: int) -> bool:
        return self.asking is not None and _asked(self._inquirers)[at] == self.asking

    def _places(self, span: Span, kinds: Iterable[str] | None) -> Iterable[int]:
        start, end = map(midnight, span)
        places = range(bisect_left(self.instants, start), bisect_left(self.instants, end))
        return places if kinds is None else [at for at in places if _asked(self._kinds)[at] in kinds]


def _asked(column: Sequence[Item] | None) -> Sequence[Item]:
    if column is None:
        raise TypeError("who inquired was not read")
    return column


@lru_cache(maxsize=1_024)
def midnight(day: date) -> datetime:
    """Return a day's first instant on the wall's clock, where inquiries' instants lie."""
    return datetime.combine(day, time())
