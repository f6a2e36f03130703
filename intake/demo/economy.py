"""When it happens: the growth, seasons and hard times of the demo's market, month by month."""

from typing import NamedTuple

from intake.demo.dice import Dice
from intake.demo.months import Calendar

# The years, near ours, whose Chinese New Year falls in January; in the others it is in February.
NEW_YEAR_IN_JANUARY = frozenset({2012, 2014, 2017, 2020, 2023, 2025, 2028, 2031, 2033, 2036, 2039})
JANUARY, FEBRUARY, JUNE, SEPTEMBER, NOVEMBER, DECEMBER = 1, 2, 6, 9, 11, 12
# Lending against an ordinary month: the 618 and Double 11 sales, the year's end.
SEASON = {JUNE: 1.22, NOVEMBER: 1.32, DECEMBER: 1.08, SEPTEMBER: 1.05}
SALES = {JUNE: (12, 20), NOVEMBER: (6, 13)}
AT_SALES = 0.3  # of such a month's loans, the share opened on the days of the sale
BEFORE_NEW_YEAR, AT_NEW_YEAR = 1.2, 0.74


class Economy(NamedTuple):
    """What a month does to everybody in it; one figure a month."""

    lending: tuple[float, ...]
    """How much is lent, against an ordinary month of the same size of market."""
    arrivals: tuple[float, ...]
    """How many borrow for the first time, as weights."""
    hardship: tuple[float, ...]
    """How many get into difficulty, against an ordinary month."""
    laxity: tuple[float, ...]
    """How easily the risky get their first loan, against an ordinary month."""


def economy(calendar: Calendar) -> Economy:
    """Lay out the months: growth throughout, lax lending, then a hard year past the middle, then slow recovery."""
    span = range(calendar.months)
    lending = tuple(_season(calendar, month) for month in span)
    progress = [month / (calendar.months - 1) for month in span]
    feast = [1.12 if season == AT_NEW_YEAR else 1.0 for season in lending]  # money is short then
    return Economy(
        lending,
        tuple(season * (1.0 + 3.8 * x) for season, x in zip(lending, progress, strict=True)),
        tuple((1.0 + 1.2 * _hill(x, 0.46, 0.64, 0.92)) * more for more, x in zip(feast, progress, strict=True)),
        tuple(1.0 + 0.9 * _hill(x, 0.25, 0.45, 0.62) - 0.25 * _hill(x, 0.6, 0.8, 1.2) for x in progress),
    )


def day_of_opening(calendar: Calendar, month: int, dice: Dice) -> int:
    """Draw the day of a loan opened in this month: any, and more often one of a shopping festival."""
    sale = SALES.get(calendar.number[month])
    if sale and dice.roll() < AT_SALES:
        return calendar.first[month] + dice.between(*sale) - 1
    return dice.between(calendar.first[month], calendar.last[month])


def _season(calendar: Calendar, month: int) -> float:
    if _new_year(calendar, month):
        return AT_NEW_YEAR
    if _new_year(calendar, month + 1):
        return BEFORE_NEW_YEAR
    return SEASON.get(calendar.number[month], 1.0)


def _new_year(calendar: Calendar, month: int) -> bool:
    return calendar.number[month] == (JANUARY if calendar.year[month] in NEW_YEAR_IN_JANUARY else FEBRUARY)


def _hill(x: float, start: float, top: float, end: float) -> float:
    """Rise from 0 at the start to 1 at the top, and fall to 0 at the end, in straight lines."""
    if start < x <= top:
        return (x - start) / (top - start)
    return (end - x) / (end - top) if top < x < end else 0.0
