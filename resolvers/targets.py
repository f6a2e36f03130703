"""The groups that questions about the portfolio come down to, as columns for one statement."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from resolvers.disclosure import Gate, Market
from resolvers.selection import Group, PortfolioKey, block, groups
from sql.rows import CellRow


class Target(NamedTuple):
    """A group of the question at ``place``."""

    place: int
    key: PortfolioKey
    group: Group


@dataclass(frozen=True)
class Targets:
    """All groups asked about; a statement numbers them from 1."""

    targets: list[Target]

    def columns(self) -> tuple[list[date], list[date], list[str], list[int], list[int]]:
        """Return each target's first day, day after the last and period; then, of each cell, its target and its id."""
        spans = [target.key.span for target in self.targets]
        numbered = [(number, cell.id) for number, target in enumerate(self.targets, 1) for cell in target.group.cells]
        return (
            [span.start for span in spans],
            [span.end for span in spans],
            [target.key.every.lower() for target in self.targets],
            [number for number, _ in numbered],
            [cell for _, cell in numbered],
        )

    def blocks(self, known: Sequence[CellRow]) -> tuple[list[bool], list[str | None], list[str | None]]:
        """Return of each target whether it is a block of the market, and that block's kind and product."""
        found = [block(target.group, known) for target in self.targets]
        return (
            [one is not None for one in found],
            [one and one.institution_kind for one in found],
            [one and one.product for one in found],
        )


async def targets(market: Market, gate: Gate, keys: Sequence[PortfolioKey]) -> Targets:
    """Return the groups of each key that the caller may see at all."""
    known = await market()
    return Targets(
        [
            Target(place, key, group)
            for place, key in enumerate(keys)
            for group in gate.visible(groups(known, key.selection, key.by), key.by)
        ]
    )
