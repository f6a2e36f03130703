"""What is published of one month: pure, the same for every caller who is not the association, whatever is asked."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations
from typing import NamedTuple

Block = tuple[str, str]  # a kind of institution and a product
Place = tuple[str | None, str | None]  # a row, a column or a block of the table; None for all
Names = set[str | None]  # rows or columns; None is what is not published, put together


class Thresholds(NamedTuple):
    """The least borrowers and institutions of a group that is published."""

    borrowers: int
    institutions: int


class Fact(NamedTuple):
    """What a group has: everything where kind and product are None, else one kind, one product, or one block."""

    kind: str | None
    product: str | None
    borrowers: int
    institutions: frozenset[int]


@dataclass(frozen=True)
class Publication:
    """What is published: the sum of everything, of these kinds, of these products, of these blocks.

    ``blocks`` are all that the month has. Every figure that is shown is one of these sums, or several added up.
    """

    present: frozenset[Block] = frozenset()
    everything: bool = False
    kinds: frozenset[str] = frozenset()
    products: frozenset[str] = frozenset()
    blocks: frozenset[Block] = frozenset()

    def covers(self, group: frozenset[Block]) -> bool:
        """Tell whether a group of blocks can be put together from what is published."""
        asked = group & self.present
        if not asked:
            return False
        if asked == self.present:
            return self.everything
        loose = asked - self.blocks
        return self._within(loose, asked, self.kinds, 0) or self._within(loose, asked, self.products, 1)

    def _within(self, loose: frozenset[Block], asked: frozenset[Block], sums: frozenset[str], side: int) -> bool:
        """Tell whether every block that is not published alone lies in a published row, all of which is asked."""
        rows = {block[side] for block in loose}
        return rows <= sums and all(block in asked for block in self.present if block[side] in rows)


@lru_cache(maxsize=10_000)
def publication(facts: tuple[Fact, ...], least: Thresholds) -> Publication:
    """Decide what is published of a month, so that nothing too small can be worked out from all of it together."""
    return _Draft(facts, least).settled()


# The published kinds, products and blocks are sums in a table of kinds by products. What follows from them by adding
# and subtracting, once the published blocks are taken out, are the sums over the blocks left in some rows A, less
# those in some columns D that lie wholly within A (directed cuts of the graph that has a block for an edge: see
# docs/decisions). The smallest of them are the columns, and for each A that with every such D: if these are large
# enough, or empty, all are.
class _Draft:
    def __init__(self, facts: tuple[Fact, ...], least: Thresholds) -> None:
        self.least = least
        self.facts: Mapping[Place, Fact] = {(fact.kind, fact.product): fact for fact in facts}
        self.present = {block for fact in facts if (block := _block(fact))}
        enough = {place for place, fact in self.facts.items() if self._enough(fact.borrowers, fact.institutions)}
        self.everything = (None, None) in enough
        self.kinds = {kind for kind, product in enough if kind is not None and product is None}
        self.products = {product for kind, product in enough if kind is None and product is not None}
        self.blocks = {block for block in self.present if block in enough}
        populous = [place for place, fact in self.facts.items() if fact.borrowers >= least.borrowers]
        self.populous = [self._members(*place) for place in sorted(populous, key=self._narrowest)]

    def settled(self) -> Publication:
        """Take back the smallest sums until nothing too small follows from the others."""
        if not self.everything:
            return Publication(frozenset(self.present))
        while (rows := self._too_small()) is not None:
            self._take_back(*rows)
        return Publication(
            frozenset(self.present), True, frozenset(self.kinds), frozenset(self.products), frozenset(self.blocks)
        )

    def _enough(self, borrowers: int, institutions: frozenset[int]) -> bool:
        return borrowers >= self.least.borrowers and len(institutions) >= self.least.institutions

    def _large(self, blocks: set[Block]) -> bool:
        """Tell whether blocks together are surely large enough; the borrowers of several are at least those of one."""
        institutions = frozenset[int]().union(*(self.facts[block].institutions for block in blocks))
        return len(institutions) >= self.least.institutions and any(members <= blocks for members in self.populous)

    def _members(self, kind: str | None, product: str | None) -> set[Block]:
        return {block for block in self.present if kind in (None, block[0]) and product in (None, block[1])}

    def _narrowest(self, place: Place) -> int:
        return place.count(None)

    def _row(self, block: Block) -> str | None:
        return block[0] if block[0] in self.kinds else None

    def _column(self, block: Block) -> str | None:
        return block[1] if block[1] in self.products else None

    def _too_small(self) -> tuple[Names, Names] | None:
        """Return rows A and columns D of a sum that follows and is too small, no rows for a column; None for none."""
        left = self.present - self.blocks
        columns: dict[str | None, set[Block]] = defaultdict(set)
        for block in left:
            columns[self._column(block)].add(block)
        for column in sorted(columns, key=_last_if_none):
            if not self._large(columns[column]):
                return set(), {column}
        reach = {column: {self._row(block) for block in blocks} for column, blocks in columns.items()}
        for rows in _subsets({self._row(block) for block in left}):
            within = {column for column, reached in reach.items() if reached <= rows}
            found = {block for block in left if self._row(block) in rows and self._column(block) not in within}
            if found and not self._large(found):
                return rows, within
        return None

    def _take_back(self, rows: Names, within: Names) -> None:
        """Take back the smallest sum that makes the one of these rows less these columns larger."""
        growing = {block for block in self.blocks if self._grows(block, rows, within)}
        if growing:
            self.blocks.remove(min(growing, key=self._size))
            return
        places: list[Place] = [(kind, None) for kind in self.kinds if None in rows or kind in rows]
        places += [(None, product) for product in self.products if None in within or product in within]
        places = places or [*((kind, None) for kind in self.kinds), *((None, product) for product in self.products)]
        kind, product = min(places, key=self._size)
        if kind is None:
            self.products.discard(product or "")
        else:
            self.kinds.discard(kind)

    def _grows(self, block: Block, rows: Names, within: Names) -> bool:
        inside, enclosed = self._row(block) in rows, self._column(block) in within
        return inside != enclosed

    def _size(self, place: Place) -> tuple[int, int, str, str]:
        fact = self.facts[place]
        return fact.borrowers, len(fact.institutions), place[0] or "", place[1] or ""


def _block(fact: Fact) -> Block | None:
    return None if fact.kind is None or fact.product is None else (fact.kind, fact.product)


def _subsets(rows: Names) -> Iterator[Names]:
    ordered = sorted(rows, key=_last_if_none)
    for size in range(1, len(ordered) + 1):
        yield from map(set, combinations(ordered, size))


def _last_if_none(name: str | None) -> tuple[bool, str]:
    return name is None, name or ""
