"""Vintages: cohorts of loans by when they were opened, and how many of them had gone bad by each month on book."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import date
from itertools import accumulate, groupby
from typing import NamedTuple

from resolvers.database import Reading
from resolvers.disclosure import OPENED, Gate, Market
from resolvers.selection import PortfolioKey, period
from resolvers.slots import many_a_slot
from resolvers.targets import Target, targets
from resolvers.window import Span, add_months
from sql.rows import AgeRow, CohortRow

Horizon = Callable[[], Awaitable[date | None]]


class VintageKey(NamedTuple):
    """A question, and the days past due that a loan must pass to have gone bad."""

    question: PortfolioKey
    days_past_due: int


class VintagePoint(NamedTuple):
    """A cohort at one month on book."""

    month_on_book: int
    loans: int
    ever_rate: float | None


class Vintage(NamedTuple):
    """A cohort; its principal in minor units."""

    key: str | None
    opened: date
    loans: int
    principal: int
    curve: list[VintagePoint]


async def vintages(
    reading: Reading, keys: Sequence[VintageKey], *, market: Market, gate: Gate, horizon: Horizon
) -> list[list[Vintage]]:
    """Return each key's cohorts by group and period; those suppressed are left out."""
    asked = await targets(market, gate, [key.question for key in keys])
    starts, ends, periods, numbers, cells = asked.columns()
    days = [keys[target.place].days_past_due for target in asked.targets]
    cohorts = await reading.fetch(CohortRow._make, "portfolio/cohorts", starts, ends, numbers, cells)
    ages = await reading.fetch(AgeRow._make, "portfolio/ages", starts, ends, periods, days, numbers, cells)
    await gate.learn(OPENED, {row.month for row in cohorts})
    known, slots = await horizon(), len(asked.targets)
    answers: list[list[Vintage]] = [[] for _ in keys]
    slotted = zip(asked.targets, many_a_slot(cohorts, slots), many_a_slot(ages, slots), strict=True)
    for target, months, aged in slotted:
        answers[target.place] += [
            _vintage(target.group.key, opened, cohort, [row for row in aged if row.period == opened], known)
            for opened, cohort in _periods(months, target.key.every)
            if all(_shown(gate, target, row.month) for row in cohort)
        ]
    return answers


def _periods(months: list[CohortRow], every: str) -> list[tuple[date, list[CohortRow]]]:
    return [(opened, list(found)) for opened, found in groupby(months, lambda row: period(row.month, every))]


def _shown(gate: Gate, target: Target, month: date) -> bool:
    return gate.shows(target.group, OPENED, month, whole=_whole(target.key.span, month))


def _whole(span: Span, month: date) -> bool:
    """Tell whether a span holds all days of a month."""
    return span.start <= month and add_months(month, 1) <= span.end


def _vintage(
    key: str | None, opened: date, cohort: list[CohortRow], ages: list[AgeRow], horizon: date | None
) -> Vintage:
    loans = sum(row.loans for row in cohort)
    last = -1 if horizon is None else _months_between(cohort[-1].month, horizon) - 1
    reported = _running({row.month_on_book: row.reported for row in ages}, last)
    gone = _running({row.month_on_book: row.risen for row in ages}, last)
    curve = [VintagePoint(age, reported[age], gone[age] / loans) for age in range(last + 1)]
    return Vintage(key, opened, loans, sum(row.principal for row in cohort), curve)


def _running(changes: dict[int, int], last: int) -> list[int]:
    """Return what changes add up to at each month on book, from 0 to the last."""
    # Months before the one of opening: accepted before a correction moved the opening behind them.
    before = sum(change for age, change in changes.items() if age < 0)
    return list(accumulate((changes.get(age, 0) for age in range(last + 1)), initial=before))[1:]


def _months_between(earlier: date, later: date) -> int:
    return (later.year - earlier.year) * 12 + later.month - earlier.month
