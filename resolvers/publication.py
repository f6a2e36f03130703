"""What is published of one month: pure, the same for every caller who is not the association, whatever is asked."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
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
    """What is published: the sums of everything, of these kinds, of these products, and of these blocks.

    ``present`` are the blocks that the month has, each with its institutions.
    """

    present: Mapping[Block, frozenset[int]] = field(default_factory=dict)
    everything: bool = False
    kinds: frozenset[str] = frozenset()
    products: frozenset[str] = frozenset()
    blocks: frozenset[Block] = frozenset()

    def shows(self, group: Mapping[Block, frozenset[int]]) -> bool:
        """Tell whether a group's sum follows from what is published; no group of some of a block's institutions does.

        Then it is shown: what is hidden can not be worked out, and what can be worked out is not hidden.
        """
        asked = {block for block, lenders in group.items() if lenders & self.present.get(block, frozenset())}
        whole = all(self.present[block] <= group[block] for block in asked)
        return self.everything and bool(asked) and whole and self._follows(asked)

    def _follows(self, asked: set[Block]) -> bool:
        """Tell whether numbers for the rows and the columns exist that differ by 1 at each block asked, else by 0."""
        edges: dict[tuple[int, str | None], list[tuple[tuple[int, str | None], int]]] = defaultdict(list)
        for kind, product in self.present.keys() - self.blocks:
            row = 0, kind if kind in self.kinds else None
            column = 1, product if product in self.products else None
            difference = int((kind, product) in asked)
            edges[row].append((column, -difference))
            edges[column].append((row, difference))
        numbers: dict[tuple[int, str | None], int] = {}
        for start in edges:
            waiting = [] if start in numbers else [start]
            numbers.setdefault(start, 0)
            while waiting:
                here = waiting.pop()
                for there, difference in edges[here]:
                    if there not in numbers:
                        numbers[there] = numbers[here] + difference
                        waiting.append(there)
                    elif numbers[there] != numbers[here] + difference:
                        return False
        return True


def parts_shown(parts: Sequence[tuple[int, int]], least: Thresholds) -> list[bool]:
    """Tell which parts of a published sum are shown, each of so many borrowers and institutions.

    What is hidden is known together, so the next smallest is hidden too until that is large enough.
    """
    hidden = [place for place, part in enumerate(parts) if part[0] < least.borrowers or part[1] < least.institutions]
    others = sorted(set(range(len(parts))) - set(hidden), key=lambda place: (parts[place], place))
    while hidden and others and not _large_together([parts[place] for place in hidden], least):
        hidden.append(others.pop(0))
    if hidden and not _large_together([parts[place] for place in hidden], least):
        return [False] * len(parts)
    return [place not in hidden for place in range(len(parts))]


def _large_together(parts: Sequence[tuple[int, int]], least: Thresholds) -> bool:
    """Parts have no borrower in common, but may have institutions."""
    return (
        len(parts) > 1
        and sum(borrowers for borrowers, _ in parts) >= least.borrowers
        and max(lenders for _, lenders in parts) >= least.institutions
    )


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
        present = {block: self.facts[block].institutions for block in self.present}
        if not self.everything:
            return Publication(present)
        while (rows := self._too_small()) is not None:
            self._take_back(*rows)
        return Publication(
            present, everything=True, kinds=frozenset(self.kinds), products=frozenset(self.products),
            blocks=frozenset(self.blocks),
        )  # fmt: skip

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
