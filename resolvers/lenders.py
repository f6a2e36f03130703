"""Lenders per borrower: how many borrowers hold loans from 1, 2, 3 ... lenders on a day."""

from collections.abc import Sequence
from datetime import date
from itertools import groupby
from typing import NamedTuple

from resolvers.database import Reading
from resolvers.disclosure import REPORTED, Gate, Market
from resolvers.selection import PortfolioKey, last_days, period
from resolvers.slots import many_a_slot
from resolvers.targets import Target, targets
from resolvers.window import first_of_month
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
    """Return each key's rows, by period and lenders; those of a suppressed day are left out."""
    asked = await targets(market, gate, keys)
    *_, numbers, cells = asked.columns()
    days = [last_days(target.key.span, target.key.every) for target in asked.targets]
    places = [(number, day) for number, of_target in enumerate(days, 1) for day in of_target]
    rows = await reading.fetch(
        LendersRow._make,
        "portfolio/lenders",
        numbers,
        cells,
        [place[0] for place in places],
        [day for _, day in places],
    )
    await gate.learn(REPORTED, {first_of_month(day) for _, day in places})
    answers: list[list[LendersPerBorrower]] = [[] for _ in keys]
    for target, found in zip(asked.targets, many_a_slot(rows, len(asked.targets)), strict=True):
        for place, of_day in groupby(found, lambda row: row.place):
            answers[target.place] += _shown(gate, target, places[place - 1][1], list(of_day))
    return answers


def _shown(gate: Gate, target: Target, day: date, rows: list[LendersRow]) -> list[LendersPerBorrower]:
    borrowers = sum(row.borrowers for row in rows)
    if not gate.shows(target.group, REPORTED, first_of_month(day), borrowers=borrowers):
        return []
    opened = period(day, target.key.every)
    return [
        LendersPerBorrower(opened, row.lenders, row.borrowers, row.borrowers / borrowers, row.over_30 / row.borrowers)
        for row in rows
    ]
