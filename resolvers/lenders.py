"""Lenders per borrower: how many borrowers hold loans from 1, 2, 3 ... lenders on a day."""

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import groupby
from typing import NamedTuple

from resolvers.database import Reading
from resolvers.disclosure import Gate, Market
from resolvers.selection import PortfolioKey, last_days, period
from resolvers.targets import Target, Targets, targets
from sql.rows import LendersRow


class LendersPerBorrower(NamedTuple):
    """Borrowers with so many lenders on the last day of a period, and the share of them over 30 days past due."""

    period: date
    lenders: int
    borrowers: int
    share: float | None
    over30_rate: float | None


async def lenders_per_borrower(
    reading: Reading, keys: Sequence[PortfolioKey], *, market: Market, gate: Gate
) -> list[list[LendersPerBorrower]]:
    """Return each key's rows, by period and lenders; those suppressed are left out."""
    asked, known = await targets(market, gate, keys), await market()
    shown = Targets([target for target in asked.targets if gate.has_parts(target.group, known)])
    days = [
        (number, day)
        for number, target in enumerate(shown.targets, 1)
        for day in last_days(target.key.span, target.key.every)
    ]
    kept = [asked for asked in days if _is_kept(shown.targets[asked[0] - 1], asked[1], len(known))]
    others = [asked for asked in days if asked not in set(kept)]
    blocks = [shown.targets[number - 1].blocks[0] for number, _ in kept]
    found = {
        **await _found(reading, kept, "portfolio/holders", blocks, gate.viewer.own),
        **await _found(reading, others, "portfolio/lenders", *shown.cells()),
    }
    answers: list[list[LendersPerBorrower]] = [[] for _ in keys]
    for number, day in days:
        target, rows = shown.targets[number - 1], found.get((number, day), [])
        visible = gate.shows_parts(target.group, [(row.others, row.institutions) for row in rows])
        answers[target.place] += _of_day(target, day, rows, visible)
    return answers


def _is_kept(target: Target, day: date, market: int) -> bool:
    """Tell whether a target's lenders are kept: of a block at months' ends, of the whole market on every day."""
    at_end = (day + timedelta(days=1)).day == 1
    return len(target.blocks) == 1 and (at_end or len(target.group.cells) == market)


async def _found(
    reading: Reading, asked: Sequence[tuple[int, date]], name: str, *values: object
) -> dict[tuple[int, date], list[LendersRow]]:
    """Return the rows of each target's days, as a statement gives them; none is run where nothing is asked."""
    if not asked:
        return {}
    columns = [number for number, _ in asked], [day for _, day in asked]
    rows = await reading.fetch(LendersRow._make, name, *columns, *values)
    return {asked[place - 1]: list(of_day) for place, of_day in groupby(rows, lambda row: row.place)}


def _of_day(target: Target, day: date, rows: list[LendersRow], shown: list[bool]) -> list[LendersPerBorrower]:
    opened, borrowers = period(day, target.key.every), sum(row.borrowers for row in rows)
    return [
        LendersPerBorrower(opened, row.lenders, row.borrowers, row.borrowers / borrowers, row.over_30 / row.borrowers)
        for row, visible in zip(rows, shown, strict=True)
        if visible
    ]
