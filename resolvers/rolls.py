"""Roll rates: how loans move between buckets from one month to the next."""

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from resolvers.database import Reading
from resolvers.disclosure import MOVED, Gate, Market
from resolvers.selection import PortfolioKey
from resolvers.slots import many_a_slot
from resolvers.targets import targets
from sql.rows import MoveRow

# Where a move to no bucket stands: behind the worst.
UNREPORTED = 8


class RollRate(NamedTuple):
    """Loans that were in the bucket ``first`` and in ``then`` a month later; None where not reported there."""

    first: str
    then: str | None
    loans: int
    share: float | None


async def roll_rates(
    reading: Reading, keys: Sequence[PortfolioKey], *, market: Market, gate: Gate
) -> list[list[RollRate]]:
    """Return each key's moves; none where a month of its window is suppressed."""
    asked = await targets(market, gate, keys)
    starts, ends, _, numbers, cells = asked.columns()
    rows = await reading.fetch(MoveRow._make, "portfolio/moves", starts, ends, numbers, cells)
    await gate.learn(MOVED, {row.month for row in rows})
    answers: list[list[RollRate]] = [[] for _ in keys]
    for target, found in zip(asked.targets, many_a_slot(rows, len(asked.targets)), strict=True):
        if all(gate.shows(target.group, MOVED, month) for month in {row.month for row in found}):
            answers[target.place] = added_up(found)
    return answers


def added_up(rows: list[MoveRow]) -> list[RollRate]:
    """Add the months' moves up, in the order of the buckets."""
    moves: Counter[tuple[int, int]] = Counter()
    leaving: Counter[int] = Counter()
    for row in rows:
        moves[row.from_bucket, UNREPORTED if row.to_bucket is None else row.to_bucket] += row.loans
        leaving[row.from_bucket] += row.loans
    return [
        RollRate(f"M{first}", None if then == UNREPORTED else f"M{then}", loans, loans / leaving[first])
        for (first, then), loans in sorted(moves.items())
    ]
