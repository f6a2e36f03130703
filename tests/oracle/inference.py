"""What sums give away: whether a sum that is not published follows from sums that are."""

from collections.abc import Collection, Hashable, Iterable
from fractions import Fraction

Row = dict[int, Fraction]


class Sums:
    """Sums over sets of things, whose values are known to somebody. Exact: rationals, no rounding."""

    def __init__(self, known: Iterable[Collection[Hashable]]) -> None:
        sets = {frozenset(one) for one in known}
        # Things that no known sum tells apart are one unknown.
        marks: dict[Hashable, list[int]] = {}
        for number, one in enumerate(sets):
            for thing in one:
                marks.setdefault(thing, []).append(number)
        kinds = {mark: number for number, mark in enumerate(sorted({tuple(mark) for mark in marks.values()}))}
        self._unknown = {thing: kinds[tuple(mark)] for thing, mark in marks.items()}
        self._sizes: dict[int, int] = {}
        for unknown in self._unknown.values():
            self._sizes[unknown] = self._sizes.get(unknown, 0) + 1
        self._rows: dict[int, Row] = {}
        for one in sets:
            row = self._reduced({unknown: Fraction(1) for unknown in {self._unknown[thing] for thing in one}})
            if row:
                first = min(row)
                self._rows[first] = {unknown: value / row[first] for unknown, value in row.items()}

    def tell(self, things: Collection[Hashable]) -> bool:
        """Whether the sum over the things follows from the known ones; of nothing it always does."""
        counted: dict[int, int] = {}
        for thing in things:
            if thing not in self._unknown:
                return False
            unknown = self._unknown[thing]
            counted[unknown] = counted.get(unknown, 0) + 1
        if any(self._sizes[unknown] != count for unknown, count in counted.items()):
            return False
        return not self._reduced({unknown: Fraction(1) for unknown in counted})

    def _reduced(self, row: Row) -> Row:
        """The row less what the rows so far explain of it; empty where they explain all."""
        row = dict(row)
        for first in sorted(self._rows):
            if factor := row.get(first):
                for unknown, value in self._rows[first].items():
                    row[unknown] = row.get(unknown, Fraction(0)) - factor * value
                    if not row[unknown]:
                        del row[unknown]
        return row
