"""The groups that questions about the portfolio come down to, as columns for one statement."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from resolvers.disclosure import Gate, Market
from resolvers.selection import Group, PortfolioKey, cover, groups


class Target(NamedTuple):
    """A group of the question at ``place``, and the blocks of the market that it is."""

    place: int
    key: PortfolioKey
    group: Group
    blocks: tuple[int, ...]


@dataclass(frozen=True)
class Targets:
    """All groups asked about; a statement numbers them from 1."""

    targets: list[Target]

    def columns(self) -> tuple[list[date], list[date], list[str], list[int], list[int]]:
        """Return each target's first day, day after the last and period; then, of each block, its target and its id."""
        spans = [target.key.span for target in self.targets]
        numbered = [(number, block) for number, target in enumerate(self.targets, 1) for block in target.blocks]
        return (
            [span.start for span in spans],
            [span.end for span in spans],
            [target.key.every.lower() for target in self.targets],
            [number for number, _ in numbered],
            [block for _, block in numbered],
        )

    def cells(self, *, several: bool = False) -> tuple[list[int], list[int]]:
        """Return, of each cell, its target and its id: of all targets, or of those of several blocks."""
        numbered = [
            (number, cell.id)
            for number, target in enumerate(self.targets, 1)
            if not several or len(target.blocks) > 1
            for cell in target.group.cells
        ]
        return [number for number, _ in numbered], [cell for _, cell in numbered]


async def targets(market: Market, gate: Gate, keys: Sequence[PortfolioKey]) -> Targets:
    """Return the groups of each key that the caller may see at all."""
    known = await market()
    return Targets(
        [
            Target(place, key, group, cover(group.cells, known))
            for place, key in enumerate(keys)
            for group in gate.visible(groups(known, key.selection, key.by), key.by)
        ]
    )
