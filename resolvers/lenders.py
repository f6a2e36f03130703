"""Lenders per borrower: how many borrowers hold loans from 1, 2, 3 ... lenders on a day."""

from collections.abc import Sequence
from datetime import date
from itertools import groupby
from typing import NamedTuple

from resolvers.database import Reading
from resolvers.disclosure import Gate, Market
from resolvers.selection import PortfolioKey, last_days, period
from resolvers.slots import many_a_slot
from resolvers.targets import Target, targets
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
    asked = await targets(market, gate, keys)
    *_, numbers, cells = asked.columns()
    lasting = [last_days(target.key.span, target.key.every) for target in asked.targets]
    places = [(number, day) for number, of_target in enumerate(lasting, 1) for day in of_target]
    days = [number for number, _ in places], [day for _, day in places]
    rows = await reading.fetch(LendersRow._make, "portfolio/lenders", numbers, cells, *days, *gate.counting)
    known = await market()
    answers: list[list[LendersPerBorrower]] = [[] for _ in keys]
    for target, found in zip(asked.targets, many_a_slot(rows, len(asked.targets)), strict=True):
        for place, of_day in groupby(found, lambda row: row.place):
            of_place = list(of_day)
            shown = gate.shows_parts(target.group, [(row.others, row.institutions) for row in of_place], known)
            answers[target.place] += _of_day(target, places[place - 1][1], of_place, shown)
    return answers


def _of_day(target: Target, day: date, rows: list[LendersRow], shown: list[bool]) -> list[LendersPerBorrower]:
    opened, borrowers = period(day, target.key.every), sum(row.borrowers for row in rows)
    return [
        LendersPerBorrower(opened, row.lenders, row.borrowers, row.borrowers / borrowers, row.over_30 / row.borrowers)
        for row, visible in zip(rows, shown, strict=True)
        if visible
    ]
