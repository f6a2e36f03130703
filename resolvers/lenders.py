"""Lenders per borrower: how many borrowers hold loans from 1, 2, 3 ... lenders on a day."""

from collections.abc import Sequence
from datetime import date
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
    shown = [target for target in asked.targets if gate.has_parts(target.group, known)]
    whole = [target for target in shown if len(target.group.cells) == len(known)]
    others = [target for target in shown if len(target.group.cells) < len(known)]
    *_, numbers, cells = Targets(others).columns()
    found = [
        *await _found(reading, whole, "portfolio/holders", *gate.counting),
        *await _found(reading, others, "portfolio/lenders", *gate.counting, numbers, cells),
    ]
    answers: list[list[LendersPerBorrower]] = [[] for _ in keys]
    for target, day, rows in found:
        visible = gate.shows_parts(target.group, [(row.others, row.institutions) for row in rows])
        answers[target.place] += _of_day(target, day, rows, visible)
    return answers


async def _found(
    reading: Reading, chosen: Sequence[Target], name: str, *values: object
) -> list[tuple[Target, date, list[LendersRow]]]:
    """Return the rows of each target's days, as a statement gives them; none is run where nothing is asked."""
    if not chosen:
        return []
    days = [
        (number, day) for number, target in enumerate(chosen, 1) for day in last_days(target.key.span, target.key.every)
    ]
    columns = [number for number, _ in days], [day for _, day in days]
    rows = await reading.fetch(LendersRow._make, name, *columns, *values)
    return [
        (chosen[days[place - 1][0] - 1], days[place - 1][1], list(of_day))
        for place, of_day in groupby(rows, lambda row: row.place)
    ]


def _of_day(target: Target, day: date, rows: list[LendersRow], shown: list[bool]) -> list[LendersPerBorrower]:
    opened, borrowers = period(day, target.key.every), sum(row.borrowers for row in rows)
    return [
        LendersPerBorrower(opened, row.lenders, row.borrowers, row.borrowers / borrowers, row.over_30 / row.borrowers)
        for row, visible in zip(rows, shown, strict=True)
        if visible
    ]
