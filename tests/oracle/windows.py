"""Owns days and months: calendar arithmetic, spans, and windows as a client writes them."""

import calendar
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from tests.oracle.errors import OracleError

ONE_DAY = timedelta(days=1)
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
DURATION = re.compile(r"P([0-9]+)([YMD])", re.ASCII)

Window = Mapping[str, str | None]


def month_of(day: date) -> date:
    """The month that a day is in, named by its first day."""
    return day.replace(day=1)


def next_month(month: date) -> date:
    """The month after, named by its first day."""
    return months_before(month, -1)


def period_of(day: date, every: str) -> date:
    """The first day of the calendar month, quarter or year that a day is in."""
    return day.replace(month={"MONTH": day.month, "QUARTER": (day.month - 1) // 3 * 3 + 1, "YEAR": 1}[every], day=1)


def period_end(day: date, every: str) -> date:
    """The last day of that month, quarter or year."""
    return months_before(period_of(day, every), -{"MONTH": 1, "QUARTER": 3, "YEAR": 12}[every]) - ONE_DAY


def months_between(earlier: date, later: date) -> int:
    """How many calendar months a day's month lies after another's."""
    return (later.year - earlier.year) * 12 + later.month - earlier.month


def months_before(day: date, months: int) -> date:
    """The same day so many calendar months earlier, or the last day of that month where it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    if not date.min.year <= year <= date.max.year:
        reason = "the window reaches beyond the calendar"
        raise OracleError(reason)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


@dataclass(frozen=True)
class Span:
    """The days from `start` to the day before `end`; never empty."""

    start: date
    end: date

    def holds(self, day: date) -> bool:
        """Whether the day, or the month of that first day, belongs to the span."""
        return self.start <= day < self.end

    @property
    def last_day(self) -> date:
        """The day before the span's end."""
        return self.end - ONE_DAY

    @property
    def last_month(self) -> date:
        """The month of the last day, even where its first day is before the span."""
        return month_of(self.last_day)

    def months(self) -> list[date]:
        """The months whose first day belongs to the span, oldest first."""
        months = []
        month = month_of(self.start)
        while month < self.end:
            if self.holds(month):
                months.append(month)
            month = next_month(month)
        return months

    def answer(self) -> dict[str, str]:
        """The span as the API writes it."""
        return {"from": self.start.isoformat(), "to": self.end.isoformat()}


def resolve(window: Window, horizon: date | None) -> Span:
    """The span of a window; a null counts as left out. Raises OracleError where the contract refuses it."""
    last, start, end = (window.get(name) for name in ("last", "from", "to"))
    if (last is None) == (start is None):
        reason = "give `last`, `last` with `to`, or `from` with or without `to`"
        raise OracleError(reason)
    to = horizon if end is None else _day(end)
    if to is None:
        reason = "nothing is reported, so there is no horizon to end the window"
        raise OracleError(reason)
    span = Span(_day(start) if start is not None else _earlier(to, last or ""), to)
    if span.start >= span.end:
        reason = "the window is empty or reversed"
        raise OracleError(reason)
    return span


def _day(text: str) -> date:
    reason = f"{text!r} is not a day"
    if not DAY.fullmatch(text):
        raise OracleError(reason)
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise OracleError(reason) from error


def _earlier(day: date, duration: str) -> date:
    match = DURATION.fullmatch(duration)
    if not match:
        reason = f"{duration!r} is not a length in years, months or days"
        raise OracleError(reason)
    number, unit = int(match[1]), match[2]
    if unit != "D":
        return months_before(day, number * 12 if unit == "Y" else number)
    try:
        return day - timedelta(days=number)
    except OverflowError as error:
        reason = "the window reaches beyond the calendar"
        raise OracleError(reason) from error
